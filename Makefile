# Every chore of Shoal, one word each; `make help` lists them. Needs Python 3.11 or newer, a Rust toolchain and nothing else:
# uv (the Python package manager) is taken from the path or installed into .tools by itself.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
# protoc finds its plugins (mypy-protobuf) on the path.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# uv and maturin keep to the project's own environment, whatever is active outside.
export VIRTUAL_ENV := $(CURDIR)/.venv
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
# Noise takes its random bytes from OpenSSL: the system's where its headers are (libssl-dev and pkg-config), else one that is
# built from source, which needs perl and takes a few minutes more.
ifeq ($(shell pkg-config --exists 'openssl >= 1.1.1' 2>/dev/null && echo yes),yes)
export OPENSSL_NO_VENDOR := 1
endif

.PHONY: help
help: ## List the chores.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.PHONY: quickstart
quickstart: build ## Build, start the embedded server, and make an example table k-anonymous before your eyes.
	@$(BIN)/python examples/quickstart.py

.PHONY: build
build: .venv/.built ## Install everything the project needs and build the Rust kernels.

.venv/.built: pyproject.toml uv.lock $(shell find core-rs/src -name '*.rs' 2>/dev/null) core-rs/Cargo.toml core-rs/Cargo.lock
	@if ! command -v $(UV) >/dev/null; then $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet uv; fi
	$(UV) sync --frozen --quiet --extra pandas
	@touch $@

.PHONY: proto
proto: build ## Generate the Python stubs in services/shoal/api from proto/.
	$(BIN)/python proto/generate.py

.PHONY: lint
lint: build ## Check style, types and contracts: ruff, mypy --strict, stubtest, rustfmt, clippy, buf.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest shoal._core --concise
	cargo fmt --manifest-path core-rs/Cargo.toml --check
	cargo clippy --quiet --locked --manifest-path core-rs/Cargo.toml --all-targets -- -D warnings
	cargo clippy --quiet --locked --manifest-path core-rs/Cargo.toml --all-targets --no-default-features -- -D warnings
	$(BIN)/python proto/generate.py --descriptors .venv/shoal.binpb
	$(BIN)/buf lint .venv/shoal.binpb --config proto/buf.yaml

.PHONY: breaking
breaking: build ## Compare the contracts with those of the newest tag; from the first tag on they bind.
	@tag=$$(git describe --tags --abbrev=0 2>/dev/null) || { echo "no tag yet: the contracts may still change"; exit 0; }; \
	rm -rf .venv/tagged && mkdir -p .venv/tagged && git archive "$$tag" proto | tar -x -C .venv/tagged && \
	$(BIN)/python .venv/tagged/proto/generate.py --descriptors .venv/tagged.binpb && \
	$(BIN)/python proto/generate.py --descriptors .venv/shoal.binpb && \
	$(BIN)/buf breaking .venv/shoal.binpb --against .venv/tagged.binpb --config proto/buf.yaml

.PHONY: test
test: build ## Run all tests, Rust and Python; some count less than they could (see test-full). Under ten minutes.
	cargo test --quiet --locked --manifest-path core-rs/Cargo.toml --no-default-features
	$(BIN)/python -m pytest -n 2

.PHONY: test-full
test-full: build ## Run all tests with their full counts; takes long.
	SHOAL_TEST_FULL=1 cargo test --quiet --locked --release --manifest-path core-rs/Cargo.toml --no-default-features
	SHOAL_TEST_FULL=1 $(BIN)/python -m pytest -n 2 --timeout=3600

.PHONY: test-dp
test-dp: build ## Run the tests of noise and of private answers with up to a million draws each; takes long.
	SHOAL_TEST_FULL=1 $(BIN)/python -m pytest -n 2 --timeout=3600 tests/core/test_noise_distribution.py tests/core/test_stream_noise.py tests/unit/dp tests/service/dp

.PHONY: bench
bench: build ## Measure speed as ratios, into benchmarks/README.md's terms.
	$(BIN)/python benchmarks/run.py

.PHONY: instructions
instructions: build ## Count the kernels' instructions against a baseline; needs valgrind. UPDATE=1 makes a new baseline.
	$(BIN)/python benchmarks/instructions.py $(if $(UPDATE),--update)

.PHONY: serve
serve: build ## Serve all services on 127.0.0.1:50051 from the default data folder.
	$(BIN)/shoal serve

.PHONY: clean
clean: ## Remove everything that the other chores made.
	rm -rf .venv .tools core-rs/target services/shoal/*.so .pytest_cache .mypy_cache .ruff_cache .hypothesis out
