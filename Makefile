# Everything a person types here. `make` alone lists it.
# Node 26 comes as a package (node_modules/.bin/node), so any Node from 20 with its npm is enough to begin.

node  := node_modules/.bin/node
stamp := node_modules/.marquee-stamp

.DEFAULT_GOAL := help
.PHONY: help run test check load load-compare chaos lint format sbom audit clean clean-data

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# `exec`: the demo takes the place of the shell, so Ctrl-C reaches it once and its clean exit is ours.
run: $(stamp) ## Start the provider simulator and the whole system (Ctrl-C ends both)
	@exec $(node) load/demo.ts

test: $(stamp) ## Type check, lint, format check, all tests; installs the programs that they need (INSTALL=0: does not)
	@exec $(node) test/_run/main.ts --install

check: $(stamp) ## Type check, lint, format check, the tests that start no process
	@exec $(node) test/_run/main.ts --quick

load: $(stamp) ## Run the load suite and write its report to load/reports (QUICK=1: two minutes, SOAK=1: ten more)
	@exec $(node) load/main.ts $(if $(filter-out 0,$(SOAK)),--soak) $(if $(filter-out 0,$(QUICK)),--quick)

load-compare: $(stamp) ## Compare two reports: A=load/reports/….json B=load/reports/….json
	@exec $(node) load/compare.ts $(A) $(B)

chaos: $(stamp) ## Break everything for real, in the long form, and print a table of what was seen
	@npm run chaos

lint: $(stamp) ## Type check, lint of code and prose
	@npm run types && npm run lint

format: $(stamp) ## Format every file in place
	@npm run format

sbom: $(stamp) ## Write the bill of materials of what runs in production, as CycloneDX, to sbom.cdx.json
	npm sbom --sbom-format cyclonedx --sbom-type application --omit=dev --package-lock-only > sbom.cdx.json

# A registry without signing keys, or one that cannot be reached, verifies nothing and fails nothing; a wrong signature fails.
audit: $(stamp) ## Verify the signatures of the installed packages, where the registry offers them
	@said=$$(npm audit signatures 2>&1) && status=0 || status=$$?; echo "$$said"; \
	  ! echo "$$said" | grep -qE '(have|has) (an )?(invalid|missing) ' || exit 1; \
	  [ $$status = 0 ] || echo 'The registry offers no signatures: nothing was verified.'

clean: ## Remove what was installed and reported; keeps ./data, which holds the archive
	rm -rf node_modules load/reports coverage

clean-data: ## Delete ./data: the archive with all its history; DELETE=archive confirms
	@[ '$(DELETE)' = archive ] || { \
	  echo 'Got no DELETE=archive, expected it: `make clean-data DELETE=archive` deletes ./data and every event in it.' >&2; \
	  exit 1; }
	rm -rf data

# Installed once per lock file.
$(stamp): package-lock.json
	@command -v npm >/dev/null 2>&1 || { \
	  echo 'Got no npm on the PATH, expected Node 20 or newer with its npm (Node 26 itself is then installed as a package).' >&2; \
	  exit 1; }
	@# An older Node only installs: npm warns of each package that needs a newer one, and Node 26 runs them all.
	@if node -e 'process.exit(Number(Number.parseInt(process.versions.node, 10) < 26))'; then set -x; npm ci; \
	else echo "Node $$(node -p process.versions.node) installs; Node 26, one of the packages, runs everything."; \
	  set -x; npm ci --loglevel=error; fi
	@$(node) --version >/dev/null 2>&1 || { \
	  echo 'Node 26 does not run yet: installing the library libatomic1.'; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; \
	  { $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends libatomic1; } >/dev/null; }; \
	  $(node) --version >/dev/null || { \
	  echo 'Got no Node 26 that runs, expected the library libatomic.so.1 (on Debian: apt-get install libatomic1).' >&2; \
	  exit 1; }
	@touch $@
