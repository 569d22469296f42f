"""How people and programs reach Salus. Each face words what the floors below computed; none computes itself."""
