# PensionService: `make run` serves a demo, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The service runs on Node 24. Where the machine's own Node is older, one is taken from npm into .node/: not 24.21.0,
# which hides from a server the intermediate certificates that clients send (docs/operations.md).
NODE_LEAST   := 24
NODE_VERSION := 24.20.0
PLATFORM     := $(shell uname -s | tr A-Z a-z)-$(shell uname -m | sed -e s/x86_64/x64/ -e s/aarch64/arm64/)
OWN_NODE     := $(shell node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)
NEEDS_NODE   := $(shell [ $(OWN_NODE) -ge $(NODE_LEAST) ] || echo yes)
export PATH  := $(CURDIR)/.node/bin:$(CURDIR)/node_modules/.bin:$(PATH)

NODE_READY := $(if $(NEEDS_NODE),.node/$(NODE_VERSION),)
INSTALLED  := node_modules/.installed
BUILT      := dist/.built
EXPERIMENT := npx mocha --no-config --exit --reporter spec
BENCH       = $(foreach name,ROUNDS SECONDS CONNECTIONS CITIZENS BATCH,$(if $($(name)),PENSION_BENCH_$(name)=$($(name))))
SOURCES    := $(shell find src -type f 2>/dev/null)

# The suites start a thousand commands: what is compiled once need not be again.
test test-pg: export NODE_COMPILE_CACHE := $(CURDIR)/node_modules/.cache/node

.PHONY: help run build check test test-sizing test-pg-crash test-deploy test-attack test-audit test-backlog test-crash test-disk test-import test-interop test-oracle \
        test-pg test-races test-backup test-timing test-wsrm bench bench-scale bench-handshakes bench-batch soak promises coverage package clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

run: build ## a demo world in var/, a UDK batch on its way to two a-kasser, then serve until Ctrl-C; STORE=postgres
	@$(if $(filter postgres,$(STORE)),node build/postgres/install.ts --private && node build/postgres/demo.ts,node bin/pension.js demo var)

build: $(BUILT) ## install what is needed and build; `npx pension` works afterwards

check: $(INSTALLED) ## formatting, lint and types
	@npm run --silent check

test: $(BUILT) check ## the whole fast test suite
	@npm test --silent

test-pg: $(BUILT) ## on PostgreSQL: the server of PENSION_TEST_PG, else a private one of Debian's or npm's; KILLS, ROUNDS, STARTS, SEEDS; SEED
	@node build/postgres/install.ts
	@$(if $(KILLS),PENSION_TEST_KILLS=$(KILLS)) $(if $(ROUNDS),PENSION_TEST_ROUNDS=$(ROUNDS)) $(if $(STARTS),PENSION_TEST_STARTS=$(STARTS)) $(if $(SEED),PENSION_TEST_SEED=$(SEED)) PENSION_TEST_SEEDS=$(or $(SEEDS),40) PENSION_TEST_STORE=postgres npx mocha --config test/mocharc-pg.json

test-interop: $(BUILT) ## zeep, PHP, Java and gSOAP clients (installed from Debian) and two of Node against a running service
	@bash test/interop/install.sh
	@npx mocha --config test/interop/mocharc.json

test-crash: $(BUILT) ## the service killed KILLS times (600) and stopped STOPS times (200) under load, both clients killed (200); SEED
	@PENSION_TEST_KILLS=$(or $(KILLS),600) PENSION_TEST_STOPS=$(or $(STOPS),200) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) test/crash/service.test.ts test/crash/stop.test.ts
	@PENSION_TEST_KILLS=$(or $(KILLS),200) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) test/crash/clients.test.ts

test-pg-crash: $(BUILT) ## of three processes on PostgreSQL KILLS are killed (400), the database stopped DBKILLS times (100), under load; SEED
	@node build/postgres/install.ts
	@PENSION_TEST_MUST=1 PENSION_TEST_KILLS=$(or $(KILLS),400) PENSION_TEST_DBKILLS=$(or $(DBKILLS),100) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) test/crash/postgres.pg.ts

test-sizing: $(BUILT) ## what one, two and three processes carry on one PostgreSQL, all on this machine: the table of docs/deployment.md
	@node build/postgres/install.ts
	@node test/longer/sizing.ts

test-deploy: $(BUILT) ## three processes behind nginx (fetched from Debian): one killed KILLS times (40), restarted STOPS times (60); STORE=postgres; SEED
	@bash test/deploy/install.sh
	@$(if $(filter postgres,$(STORE)),node build/postgres/install.ts)
	@$(if $(STORE),PENSION_TEST_STORE=$(STORE)) PENSION_TEST_MUST=1 PENSION_TEST_KILLS=$(or $(KILLS),40) PENSION_TEST_STOPS=$(or $(STOPS),60) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) 'test/deploy/*.test.ts'

test-disk: $(BUILT) ## killed at every write (or at WRITES of them), the power cut after ANSWERS answers (10000), FAULTS disk faults of each kind (100); SEED
	@bash test/disk/install.sh
	@PENSION_TEST_MUST=1 PENSION_TEST_EVERY=$(if $(WRITES),,1) PENSION_TEST_WRITES=$(WRITES) PENSION_TEST_ANSWERS=$(or $(ANSWERS),10000) PENSION_TEST_FAULTS=$(or $(FAULTS),100) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) 'test/disk/*.test.ts'

test-races: $(BUILT) ## overlapping Saves and equal identifiers at the same time, ROUNDS rounds (2000); STARTS starts of several processes (50); STORE=postgres; SEED
	@$(if $(filter postgres,$(STORE)),node build/postgres/install.ts)
	@PENSION_TEST_ROUNDS=$(or $(ROUNDS),2000) PENSION_TEST_STARTS=$(or $(STARTS),50) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) --timeout 60000 'test/races/*.$(if $(filter postgres,$(STORE)),pg,test).ts'

test-attack: $(BUILT) ## MUTATIONS mutants of valid messages (20000), SLOW slow clients (1000), OVERLOAD greedy ones (1000), attacks; SEED
	@PENSION_TEST_MUST=1 PENSION_TEST_MUTATIONS=$(or $(MUTATIONS),20000) PENSION_TEST_SLOW=$(or $(SLOW),1000) PENSION_TEST_OVERLOAD=$(or $(OVERLOAD),1000) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) 'test/attack/*.test.ts'

test-oracle: $(INSTALLED) ## what the service accepts, another build of libxml2 (Debian's) must accept
	@bash test/attack/install.sh
	@PENSION_TEST_MUTATIONS=$(MUTATIONS) PENSION_TEST_SEED=$(SEED) node test/attack/oracle.ts

test-wsrm: $(INSTALLED) ## the transfer over a lossy network: SEEDS seeds (10000) from SEED (1) on
	@PENSION_TEST_SEEDS=$(or $(SEEDS),10000) PENSION_TEST_SEED=$(or $(SEED),1) $(EXPERIMENT) test/wsrm/losses.test.ts

test-backlog: $(BUILT) ## 60 000 beskeder wait for one a-kasse, and it catches up while others go on; prints what it takes
	@node test/longer/backlog.ts

test-timing: $(INSTALLED) ## whether the time of a refusal tells of the citizen
	@npx mocha --no-config --reporter spec test/soap/same-refusal.timing.ts

test-backup: $(BUILT) ## backup and restore killed KILLS times (100), then a large store backed up under load; SEED
	@PENSION_TEST_KILLS=$(or $(KILLS),100) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) test/cli/backup/killed.test.ts
	@node test/longer/backup.ts

test-import: $(BUILT) ## import a register of a million lines beside a writer, and print what it takes
	@node test/longer/import.ts

test-audit: $(BUILT) ## TAMPERINGS tamperings of the audit trail (500); a million entries verified, exported, and verified elsewhere
	@PENSION_TEST_TAMPERINGS=$(or $(TAMPERINGS),500) PENSION_TEST_SEED=$(SEED) $(EXPERIMENT) test/store/sqlite/audit-tampering.test.ts
	@node test/longer/audit.ts

soak: $(BUILT) ## everything that happens to a service, for MINUTES minutes (30): its memory and open files stay as they are
	@SOAK_MINUTES=$(or $(MINUTES),30) node test/longer/soak.ts

bench: $(BUILT) ## the service beside a tutorial's server: without TLS, with certificates, on slow disks, on PostgreSQL; ROUNDS, SECONDS, CONNECTIONS, CITIZENS
	@node build/postgres/install.ts --private >&2 || true
	@$(BENCH) node bench/run.ts

bench-scale: $(BUILT) ## what a call costs against 1000, 100 000 and 1 000 000 citizens (the last are made once, in some minutes); ROUNDS, SECONDS, CITIZENS
	@$(BENCH) node bench/scale.ts

bench-handshakes: $(BUILT) ## what TLS handshakes cost, full and resumed, with RSA and with ECDSA certificates; ROUNDS, SECONDS, CONNECTIONS
	@$(BENCH) node bench/handshakes.ts

bench-batch: $(BUILT) ## a batch of BATCH (10000) from `pension udk send` to `pension akasse poll`; ROUNDS, CITIZENS, CONNECTIONS
	@$(BENCH) node bench/batch.ts

promises: $(BUILT) ## the suite and every experiment at its full number (some hours), and what came of each promise of docs/safety.md
	@bash test/promises.sh

coverage: $(BUILT) ## which lines the fast suite reaches
	@npx c8 --reporter=text-summary --reporter=html npm test --silent

package: $(BUILT) ## the npm package, to install with `npm install -g` where Node 24 is
	@npm pack --silent

clean: ## remove everything that was built, fetched or made
	rm -rf node_modules dist var coverage .node .strace .postgres .nginx

.node/$(NODE_VERSION):
	@echo "Node $(NODE_LEAST) or newer is needed; fetching $(NODE_VERSION) from npm into .node/"
	@mkdir -p .node && echo '{"private":true}' > .node/package.json
	@npm install --prefix .node --no-save --ignore-scripts --no-audit --no-fund --loglevel=error node-$(PLATFORM)@$(NODE_VERSION)
	@mkdir -p .node/bin && ln -sf ../node_modules/node-$(PLATFORM)/bin/node .node/bin/node
	@touch $@

$(INSTALLED): package.json package-lock.json $(NODE_READY)
	@npm ci --loglevel=error
	@mkdir -p node_modules/.bin && ln -sf ../../bin/pension.js node_modules/.bin/pension
	@touch $@

$(BUILT): $(INSTALLED) $(SOURCES) tsconfig.json tsconfig.build.json
	@rm -rf dist && npm run --silent build && touch $@
