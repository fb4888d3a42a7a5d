# Targets: all run check quick unit spec e2e e2e-full abi lint fuzz bench asan
#          accuracy train tidy fmt install clean help
# `make run` and `make check` install what is missing and need nothing else.
# Say V=1 to see every command.

CC      ?= cc
CFLAGS  ?= -O2 -g
SAN     :=
B       := build
PKGS    := luajit libevent openssl libhs libpcre2-8 libnghttp2 sqlite3 \
           msgpack zlib libbrotlienc libbrotlidec libzstd libseccomp
Q       := $(if $(V),,@)
say      = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wundef -Wvla -Wpointer-arith -Wwrite-strings -Werror
HARDEN  := $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
COMPILE  = $(CC) -std=gnu11 -D_GNU_SOURCE -Icore -I. -I/usr/share/include/llhttp \
           -MMD -MP -fPIC -fvisibility=hidden $(WARN) $(HARDEN) $(CFLAGS) $(SAN) \
           $(PKG_CFLAGS)
# Asked once, and only when something is built: `make run` starts without them.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
LIBS     = $(PKG_LIBS) -lm
LINK     = $(CC) $(CFLAGS) $(SAN) -Wl,-z,defs -Wl,-z,relro,-z,now

# llhttp ships as C sources in Debian; they are compiled from there.
LLHTTP  := $(patsubst %,$(B)/llhttp/%.o,api http llhttp)

SRC     := $(filter-out core/main.c,$(wildcard core/*/*.c certs/*.c \
           detectors/*.c detectors/*/*.c))
OBJ     := $(SRC:%.c=$(B)/%.o) $(LLHTTP)
LUA     := $(wildcard lua/moongate/*.lua lua/moongate/*/*.lua pac-gen/*.lua)
LUA_OBJ := $(LUA:%.lua=$(B)/%.lua.o) $(B)/cdef.lua.o
C_FILES := $(wildcard core/*.c core/*/*.[ch] certs/*.[ch] detectors/*.[ch] \
           detectors/*/*.[ch] spec/unit/*.[ch] spec/fuzz/*.[ch] spec/bench/*.[ch])
TESTS   := $(patsubst %.c,$(B)/%,$(wildcard spec/unit/test_*.c))
FUZZ    := $(patsubst spec/fuzz/%.c,build-fuzz/%,$(wildcard spec/fuzz/fuzz_*.c))
FUZZ_TIME ?= 60
PROVE   ?= prove -Q -e ''
BUSTED  ?= busted --lua=luajit
PREFIX  ?= /usr/local
NODE    := spec/support/node.sh
E2E     := $(wildcard spec/e2e/*.test.mjs)

all: $(B)/moongate $(B)/libmoongate.so

# --- the border between C and Lua -----------------------------------------
$(B)/cdef.lua $(B)/abi_check.c &: core/abi/mg.h core/abi/abi.lua
	$(call say,ABI,$<)
	@mkdir -p $(B)
	$(Q)luajit core/abi/abi.lua $< $(B)/cdef.lua $(B)/abi_check.c

abi: $(B)/abi_check.o

# --- C and embedded Lua ----------------------------------------------------
$(B)/%.o: %.c Makefile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -c -o $@ $<

$(B)/abi_check.o: $(B)/abi_check.c
	$(call say,CC,$<)
	$(Q)$(COMPILE) -c -o $@ $<

$(B)/llhttp/%.o: /usr/share/llhttp/%.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -I/usr/share/include/llhttp -fPIC -fvisibility=hidden $(CFLAGS) $(SAN) -c -o $@ $<

# lua/moongate/load.lua becomes module "moongate.load"; pac-gen/pac.lua
# "pac_gen.pac": what stands before a hyphen is not part of a module's name.
$(B)/%.lua.o: %.lua
	$(call say,LUA,$<)
	@mkdir -p $(@D)
	$(Q)luajit -b -g -n $(subst -,_,$(subst /,.,$(patsubst lua/%,%,$*))) $< $@

$(B)/cdef.lua.o: $(B)/cdef.lua
	$(Q)luajit -b -g -n cdef $< $@

$(B)/core/cmd/version.o $(B)/core/proc/control_proc.o: CFLAGS += -DMG_VERSION='"$(VERSION)"' \
  -DMG_LIBRARIES='"$(foreach p,$(PKGS),$(p) $(shell pkg-config --modversion $(p)),)"'

# The tables of the statistical tier, and the program that learns them.
$(B)/detectors/linear/model.o: detectors/linear/heads.model

$(B)/train/fit: contrib/train/fit.c $(wildcard detectors/linear/*.[ch]) core/base/hash.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -Icore -I. $(WARN) -O3 -ffast-math -o $@ \
	    contrib/train/fit.c detectors/linear/linear.c detectors/linear/tokens.c \
	    core/base/hash.c -lm -lcrypto

train: $(B)/train/fit
	$(Q)contrib/train/train

# Exporting mg_* and the embedded modules is what lets LuaJIT find them.
$(B)/moongate: $(B)/core/main.o $(OBJ) $(B)/abi_check.o $(LUA_OBJ)
	$(call say,LINK,$@)
	$(Q)$(LINK) -pie -rdynamic -o $@ $^ $(LIBS)

$(B)/libmoongate.so: $(OBJ) $(B)/abi_check.o
	$(call say,LINK,$@)
	$(Q)$(LINK) -shared -o $@ $^ $(LIBS)

$(B)/libmoongate.a: $(OBJ)
	$(Q)rm -f $@ && ar rcs $@ $^

# The Lua modules, and every function that they may ask of C.
$(B)/lua.a: $(B)/abi_check.o $(LUA_OBJ)
	$(Q)rm -f $@ && ar rcs $@ $^

# Tests hold the Lua modules too, and all that these may ask of C.
$(B)/spec/unit/test_%: spec/unit/test_%.c spec/unit/test.h $(B)/libmoongate.a \
    $(B)/abi_check.o $(LUA_OBJ)
	$(call say,TEST,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -Ispec/unit -rdynamic -o $@ $< $(B)/abi_check.o $(LUA_OBJ) \
	    $(B)/libmoongate.a $(LIBS)

# --- the two commands of the README ----------------------------------------
run:
	$(Q)contrib/bootstrap --build
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) all
	$(Q)contrib/first-run

check:
	$(Q)contrib/bootstrap --check
	$(Q)spec/support/check.sh

# --- checks ---------------------------------------------------------------
quick: lint abi unit spec

unit: $(TESTS)
	$(Q)$(PROVE) $(TESTS)

$(B)/spec/case.so: spec/support/case.c $(B)/libmoongate.so
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -shared -o $@ $<

spec: all $(B)/spec/case.so
	$(Q)MG_LIB=./$(B)/libmoongate.so LUA_PATH="./?.lua;./lua/?.lua;./$(B)/?.lua;;" \
	  $(BUSTED)

# The real binary, real TLS, real clients. ONLY=reload runs one file of it.
e2e: all
	$(Q)$(NODE) --test --test-concurrency=1 --test-reporter=spec \
	    $(if $(ONLY),spec/e2e/$(ONLY).test.mjs,$(E2E))

# The same with the numbers of a release: minutes instead of seconds.
e2e-full: all
	$(Q)RELOADS=200 RELOAD_RATE=500 KILLS=20 SPLITS=all $(NODE) --test \
	    --test-concurrency=1 --test-reporter=spec $(E2E)

$(B)/bench/%: spec/bench/%.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS) -o $@ $< -lssl -lcrypto

# Benchmarks of our own parts; JSON on stdout.
$(B)/bench/bench_%: spec/bench/bench_%.c $(B)/libmoongate.a $(B)/abi_check.o \
    $(LUA_OBJ)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -rdynamic -o $@ $< $(B)/abi_check.o $(LUA_OBJ) \
	    $(B)/libmoongate.a $(LIBS)

bench: all $(B)/bench/load $(B)/bench/origin $(B)/bench/bench_events \
    $(B)/bench/bench_policies
	$(Q)contrib/bootstrap --bench
	$(Q)$(B)/bench/bench_policies >$(B)/bench/policies.json
	$(Q)$(B)/bench/bench_events >$(B)/bench/events.json
	$(Q)$(NODE) spec/bench/peers.mjs

# Unit tests and the traffic of the end-to-end tests, with every process of the
# product under ASan and UBSan. Leaks are the unit tests' to find: processes of
# the product end without tidying up.
SANITIZE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
ASAN_E2E := $(patsubst %,spec/e2e/%.test.mjs,first http sdk smuggling split slow \
            revoke reload)
asan:
	$(Q)$(MAKE) --no-print-directory B=build-asan SAN='$(SANITIZE)' all unit
	$(Q)rm -f build-asan/report.*
	$(Q)MOONGATE=build-asan/moongate \
	  ASAN_OPTIONS=detect_leaks=0:log_path=$(CURDIR)/build-asan/report \
	  UBSAN_OPTIONS=print_stacktrace=1:log_path=$(CURDIR)/build-asan/report \
	  $(NODE) --test --test-concurrency=1 --test-reporter=spec $(ASAN_E2E)
	$(Q)! cat build-asan/report.* 2>/dev/null

build-fuzz/%: spec/fuzz/%.c $(SRC)
	$(call say,FUZZ,$<)
	$(Q)$(MAKE) --no-print-directory B=build-fuzz CC=clang \
	    SAN='-O1 -fsanitize=address,undefined,fuzzer-no-link' \
	    build-fuzz/libmoongate.a build-fuzz/lua.a
	$(Q)clang -std=gnu11 -D_GNU_SOURCE -Icore -I. -I/usr/share/include/llhttp -g -O1 \
	    -fsanitize=address,undefined,fuzzer $(PKG_CFLAGS) \
	    -rdynamic -o $@ $< -Wl,--whole-archive build-fuzz/lua.a \
	    -Wl,--no-whole-archive build-fuzz/libmoongate.a $(LIBS)

# Precision and recall with 95% intervals; the labelled data is not ours to ship.
DATA    ?= ../shared/data
accuracy: all
	$(Q)if [ -d $(DATA) ]; then MG_LIB=./$(B)/libmoongate.so \
	  luajit spec/bench/accuracy_detect.lua $(DATA); \
	else echo "accuracy: no labelled data in $(DATA); say DATA=DIR"; fi

fuzz: $(FUZZ)
	$(Q)contrib/lint/fuzz.sh $(FUZZ_TIME) $(FUZZ)

lint:
	$(Q)luajit contrib/lint/house.lua $(C_FILES) $(wildcard policies/*.lua)
	$(Q)luacheck -q contrib core lua pac-gen policies spec
	$(Q)clang-format --dry-run -Werror $(C_FILES)

tidy:
	$(Q)cppcheck --quiet --enable=warning,performance,portability --error-exitcode=1 \
	    --inline-suppr --suppress=missingIncludeSystem -Icore -I. $(SRC)

fmt:
	clang-format -i $(C_FILES)

install: all
	install -D -m 755 $(B)/moongate $(DESTDIR)$(PREFIX)/bin/moongate
	install -d $(DESTDIR)$(PREFIX)/share/moongate/policies/words
	install -m 644 $(wildcard policies/*.lua) $(DESTDIR)$(PREFIX)/share/moongate/policies
	$(if $(wildcard policies/words/*.lua),install -m 644 $(wildcard \
	  policies/words/*.lua) $(DESTDIR)$(PREFIX)/share/moongate/policies/words)
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/doc/moongate
	$(if $(wildcard docs/*.1),install -m 644 $(wildcard docs/*.1) \
	  $(DESTDIR)$(PREFIX)/share/man/man1)
	install -m 644 README.md LICENSE $(wildcard docs/*.md) \
	  $(DESTDIR)$(PREFIX)/share/doc/moongate

clean:
	rm -rf build build-asan build-fuzz

help:
	@sed -n 's/^# Targets: /targets: /p; s/^#          /         /p' Makefile | head -2

.PHONY: all run check quick unit spec e2e e2e-full abi lint fuzz bench accuracy \
        asan train tidy fmt install clean help
-include $(OBJ:.o=.d) $(TESTS:=.d)
