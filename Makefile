# Two commands: `make run` and `make test`. Both install what they need, and are fast the second time.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

target := $(or $(CARGO_TARGET_DIR),target)
.PHONY: deny help run build console test lint test-rust test-console test-npm test-hosts test-sdk test-openapi test-browser test-element test-fuzz npm examples bench-model bench-worst bench-catalog bench-server bench-picker bench-console setup setup-test picture screenshots fresh clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | column -t -s @

run: ## Build what is missing and start the server on 127.0.0.1:8420 (options: make run ARGS="--listen …")
	@scripts/build
	@exec $(target)/release/scopewise serve $(ARGS)

build: ## Build the program to deploy: target/release/scopewise
	@scripts/build
	@ls -lh $(target)/release/scopewise | awk '{print $$NF ": " $$5}'

console: setup ## Build the console into dist/ if its sources are newer
	@scripts/build-console

test: setup-test console ## Run all tests and show how many ran in each part
	@scripts/test

lint: setup-test ## Check the format and run clippy for every feature
	@scripts/test lint

test-rust: setup-test console ## Run the tests of the model, server, command line and documentation
	@scripts/test rust postgres doc

test-console: setup-test ## Run the tests of the console's logic
	@scripts/test console

test-npm: setup-test ## Build the npm package and run its tests and the vectors of the scope model
	@scripts/test npm

test-hosts: setup-test ## Run the npm package in more hosts: Node 22 to 26, Deno, Bun, workerd, Jest, webpack, Rspack, Turbopack, Next, TypeScript
	@scripts/build-js
	@cd tests/npm/hosts && { cmp -s package-lock.json node_modules/.installed || \
	  { npm ci --no-progress --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.installed; }; }
	@. scripts/env; node --test --test-reporter=spec tests/npm/hosts/*.test.js

test-sdk: setup-test console ## Run the newest and oldest official SDKs and command line against a server
	@scripts/test sdk

test-openapi: setup-test console ## Send generated requests to every operation of the OpenAPI document
	@scripts/test openapi

test-browser: setup-test console ## Test the console in Chromium, and its main flow in Firefox
	@scripts/test browser

test-element: setup-test ## Build the npm package and test <scope-picker> in Chromium and Firefox
	@scripts/test element

test-fuzz: setup ## Fuzz each parser of untrusted text for a few seconds (longer: scripts/fuzz 600 date)
	@scripts/test fuzz

npm: setup ## Build the npm package into js/, for `npm install ./scopewise-….tgz`
	@scripts/build-js
	@npm pack ./js/pkg --pack-destination js --loglevel=error | sed 's|^|js/|'

examples: ## Build the npm package and serve the example pages with <scope-picker> on 127.0.0.1:8430
	@scripts/setup examples
	@scripts/build-js
	@. scripts/env; node examples/picker/build.mjs; exec node examples/picker/server.mjs

bench-model: setup-test ## Compare the npm package with similar packages: size, first answer, speed
	@scripts/build-js >/dev/null
	@. scripts/env; node bench/model/index.js

bench-worst: setup ## Measure the most expensive requests to the public routes of the model
	@. scripts/env; cargo run --release --locked --quiet --example bench-worst

bench-catalog: setup ## Measure import, look-ups and suggestions for the file of a real API: make bench-catalog FILE=openapi.json
	@[ -n "$(FILE)" ] || { echo "name a file to import: make bench-catalog FILE=openapi.json"; exit 2; }
	@. scripts/env; cargo run --release --locked --quiet --example bench-catalog -- "$(FILE)"

bench-picker: setup-test console ## Measure the scope picker: its weight, its start, key presses and ticks with 1,000 scopes, as element and in the console
	@. scripts/env; cargo build --release --locked --quiet --bin scopewise
	@scripts/build-js >/dev/null
	@. scripts/env; node bench/picker/element.js && node bench/picker/index.js

bench-console: setup-test console ## Measure the console: first visit, key presses with 1,000 scopes, the list with 300 and 100,000 keys
	@. scripts/env; cargo build --release --locked --quiet --bin scopewise
	@. scripts/env; node bench/console/index.js

bench-server: setup console ## Compare the server with a bare handler and better-auth, with 1,000 and 1,000,000 keys
	@. scripts/env; cd bench/server/better-auth && { [ -d node_modules/better-sqlite3/build ] || \
	  { npm install --no-package-lock --legacy-peer-deps --no-audit --no-fund --loglevel=error && npm rebuild --build-from-source better-sqlite3; } || \
	  echo "cannot install better-auth; it is not measured"; }
	@. scripts/env; cargo build --release --locked --quiet --bin scopewise --example bench-server
	@$(target)/release/examples/bench-server

fresh: ## Test everything as on a new machine: clone, make run, the README's example, make test (up to an hour)
	@scripts/fresh

setup: ## Install the tools that `make run` needs
	@scripts/setup

setup-test: ## Install the tools that `make test` needs
	@scripts/setup test

screenshots: setup-test console ## Take screenshots of every page, in both themes and four widths, into tests/browser/output/pages
	@. scripts/env; cargo build --release --locked --quiet
	@. scripts/env; SCOPEWISE_SCREENSHOTS=1 playwright test --config tests/browser/playwright.config.js --project=chromium $$(grep -l 'survey(' tests/browser/*.test.js)

picture: setup-test console ## Update the screenshots of the console and the scope picker in README.md and docs
	@. scripts/env; cargo build --release --locked --quiet
	@. scripts/env; SCOPEWISE_PICTURE=1 playwright test --config tests/browser/playwright.config.js --project=chromium --grep @picture
	@scripts/build-js >/dev/null
	@. scripts/env; SCOPEWISE_PICTURE=1 playwright test --config tests/element/playwright.config.js --project=chromium --grep @picture

deny: setup ## Check licences, sources, bans and advisories of the dependencies with cargo-deny, and find unused dependencies
	@scripts/setup deny
	@. scripts/env; cargo deny --offline --locked check licenses bans sources
	@. scripts/env; if cargo deny fetch db >/dev/null 2>&1; then cargo deny --locked check --disable-fetch advisories; \
	  else echo "advisories: not checked, since the list at github.com/RustSec/advisory-db cannot be reached"; fi
	@. scripts/env; cargo machete

clean: ## Remove build output; data/ and the shared tools stay
	rm -rf $(target) dist js/pkg tests/browser/output
