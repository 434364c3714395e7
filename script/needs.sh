# What both commands ask of the machine: sourced by script/demo and script/test, from the project's folder.
# With CI set and as root, what a package manager can install is installed; otherwise one sentence names it.

die() { echo "$*" >&2; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

# install_in_ci PACKAGE…: true when the packages were installed.
install_in_ci() {
  [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && has apt-get || return 1
  [ -n "${APT_UPDATED:-}" ] || { apt-get update -qq && APT_UPDATED=1; } || return 1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need_rust() {
  has cargo || die "Rust is missing: install it with rustup, from https://rustup.rs."
}

need_node() {
  { has node && has npm; } || die "Node.js with npm is missing: install version 20 or later, from https://nodejs.org."
}

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

need_c_compiler() {
  has cc || install_in_ci gcc libc6-dev ||
    die "A C compiler is missing, which builds the SQLite inside the program: install it with 'apt-get install gcc libc6-dev'."
}

# The linker is asked, for it is the linker that must find the library.
libpq_links() {
  local probe
  probe=$(mktemp -d)
  echo 'int main(void) { return 0; }' >"$probe/probe.c"
  local library
  library=$(pg_config --libdir 2>/dev/null) || library=
  cc "$probe/probe.c" ${library:+-L"$library"} -lpq -o "$probe/probe" 2>/dev/null
  local found=$?
  rm -rf "$probe"
  return $found
}

need_libpq() {
  libpq_links || install_in_ci libpq-dev ||
    die "PostgreSQL's client library is missing: install it with 'apt-get install libpq-dev'."
}

# need_web_packages [--omit=dev]: what web/package-lock.json pins, fetched again when the lock is newer than the install.
need_web_packages() {
  local stamp=web/node_modules/.package-lock.json
  if [ -e "$stamp" ] && [ ! web/package-lock.json -nt "$stamp" ] && { [ $# -gt 0 ] || [ -e web/node_modules/playwright-core ]; }; then
    return
  fi
  need_node
  npm ci --prefix web --ignore-scripts --no-audit --no-fund "$@" ||
    die "The web packages could not be fetched: run 'npm ci --prefix web --ignore-scripts' and see what it says."
}
