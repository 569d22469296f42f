"""What a health fact is: quantities, codes, times, samples, FHIR resources, findings. Knows no storage."""
