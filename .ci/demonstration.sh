# What the checks of the demonstration share, sourced after script/needs.sh from the project's folder: what was replayed, the
# service on a copy of it, and Python with what .ci/requirements.txt pins.

target=${CARGO_TARGET_DIR:-target}
program=$target/quick/roundtable
replayed=$target/demonstration

# The database of a replay, its keys, and the figures that it counted.
replay() {
  need_web_packages --omit=dev
  cargo build --profile quick --locked
  rm -rf "$replayed" "$replayed.part"
  mkdir -p "$replayed.part"
  DATABASE_URL="sqlite://$replayed.part/demo.db" KEYS_FILE="$replayed.part/keys.json" \
    "$program" demo --once --json >"$replayed.part/figures.json"
  mv "$replayed.part" "$replayed"
}

fail() { echo "$1" >&2; tail -n 40 "$folder/out" "$folder/log" >&2; exit 1; }

# await SECONDS WHAT: until $service, which was started at $address, is ready.
await() {
  for _ in $(seq "$1"); do
    curl -fs "$address/health/ready" >/dev/null && return
    kill -0 "$service" 2>/dev/null || fail "$2 ended before it was ready."
    sleep 1
  done
  fail "$2 was not ready within $1 seconds."
}

stop_service() {
  kill "$service" 2>/dev/null || true
  wait "$service" 2>/dev/null || true
  rm -rf "$folder"
}

# The demonstration at $address, on a copy of what was replayed, until the script ends. The figures are in $folder, and so are
# its sign-in links; `administrator` is one more, for whoever manages the people of the lead of a funded bid.
serve_demonstration() {
  [ -e "$replayed/demo.db" ] && [ -x "$program" ] || replay
  folder=$(mktemp -d)
  cp -R "$replayed"/* "$folder"
  local port
  port=$(free_port)
  address=http://127.0.0.1:$port
  export DATABASE_URL="sqlite://$folder/demo.db" KEYS_FILE="$folder/keys.json" BIND="127.0.0.1:$port" LOG=warn
  administrator=$("$program" admin governance@wor.example "Governance officer")
  "$program" demo >"$folder/out" 2>"$folder/log" &
  service=$!
  trap stop_service EXIT
  await 120 "The demonstration"
}

# link_of WHO: the sign-in link that the demonstration printed for them.
link_of() { sed -n "s/^Sign-in link for the $1: //p" "$folder/out"; }

# Leaves the path of the interpreter in $python.
need_python() {
  local place=$target/python
  python=$place/bin/python
  cmp -s .ci/requirements.txt "$place/requirements.txt" && return
  has python3 || install_in_ci python3 || die "Python is missing: install it with 'apt-get install python3'."
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "Python 3.11 or later is needed."
  python3 -m venv --clear "$place" >/dev/null || { install_in_ci python3-venv && python3 -m venv --clear "$place"; } ||
    die "Python cannot make an environment: install what it needs with 'apt-get install python3-venv'."
  "$python" -m pip install --quiet --disable-pip-version-check --requirement .ci/requirements.txt
  cp .ci/requirements.txt "$place"
}
