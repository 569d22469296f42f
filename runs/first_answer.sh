#!/usr/bin/env bash
# The main path of Salus from an empty folder to a checked answer: read it to see how the product hangs together.
# It needs `make run` or `make test` to have made .venv, touches nothing outside a temporary folder, and ends in 0 only
# when every step did what it says. CI runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

# 1. A home of its own. The passphrase comes from a file or a prompt, never from an argument.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export SALUS_HOME="$work/home" SALUS_PASSPHRASE_FILE="$work/passphrase" SALUS_LANG=en
printf 'correct horse battery staple' > "$SALUS_PASSPHRASE_FILE"

# Holds a JSON document on standard input to a Python expression over `it`.
holds() {
  python -c 'import json, sys; it = json.load(sys.stdin); sys.exit(0 if eval("(" + sys.argv[1] + ")") else f"does not hold: {sys.argv[1]}\n{json.dumps(it, indent=1)[:4000]}")' "$1"
}

# 2. An invented person's files, as a clinic and a phone would hand them over: the same bytes for the same arguments.
python -m salus.sample "$work/files" --end "$(date -d yesterday +%F 2>/dev/null || date -v-1d +%F)"

# 3. An empty encrypted vault for that person.
salus person add Camille --born 1974-05-12 --sex female --zone Europe/Paris --country FR --json |
  holds 'it["name"] == "Camille" and it["current"]'

# 4. Both files in. Each becomes one batch that lands whole or not at all; what cannot be taken is listed with its
#    reason, and the command then exits with 3: partly done.
salus import "$work/files/records.json" "$work/files/export.zip" --json > "$work/import.json" || [ $? -eq 3 ]
holds '[b["source"] for b in it["batches"]] == ["fhir", "apple_health"]
  and all(b["id"] and sum(b["added"].values()) > 100 for b in it["batches"])' < "$work/import.json"

# 5. The same files again add nothing.
salus import "$work/files/records.json" "$work/files/export.zip" --json > "$work/again.json" || [ $? -eq 3 ]
holds 'not any(b["added"] or b["updated"] for b in it["batches"])' < "$work/again.json"

# 6. A question in English, one in French. Every figure is a finding, every finding has its evidence, nothing left.
salus ask "What was my last LDL?" --json > "$work/ldl.json"
holds 'it["lang"] == "en" and it["skills"] == ["labs"] and it["findings"] and not it["left_machine"]
  and all(set(f["evidence"]) <= {e["id"] for e in it["evidence"]} for f in it["findings"])' < "$work/ldl.json"
salus ask "Combien de pas ai-je faits la semaine dernière ?" --json > "$work/steps.json"
holds 'it["lang"] == "fr" and it["skills"] == ["trends"] and it["findings"][0]["value"] > 0' < "$work/steps.json"
salus ask "What was my last LDL?"

# 7. What is not in the vault is said to be unknown, never to be normal.
salus ask "What is my vitamin B12?" --json | holds 'not it["findings"] and it["unknown"]'

# 8. The phone's export taken away again: what it added is gone, the clinic's records stay.
salus imports undo "$(python -c 'import json, sys; print(json.load(open(sys.argv[1]))["batches"][1]["id"])' "$work/import.json")"
salus ask "Combien de pas ai-je faits la semaine dernière ?" --json | holds 'not it["findings"] and it["unknown"]'
salus ask "What was my last LDL?" --json | holds "it['findings'] == json.load(open('$work/ldl.json'))['findings']"

# 9. Every page and every record read, and the ledger's chain of who looked and what was changed.
salus check --json | holds 'it["ok"]'
salus ledger verify --json | holds 'it["ok"] and it["entries"] > 5'

echo "The main path holds."
