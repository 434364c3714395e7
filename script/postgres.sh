# A PostgreSQL server of our own in a temporary folder, for tests: sourced by script/test after needs.sh.
# It listens on a free port of 127.0.0.1 behind a password made for this run, and is gone afterwards with all its data.

# The folder of the server's programs.
postgres_programs() {
  local folder
  for folder in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then echo "$folder"; return; fi
  done
  return 1
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# Nothing here outlives the run, so nothing waits for the disk; the order of text is that of its bytes, as on SQLite.
start_postgres() {
  local port password
  postgres_bin=$(postgres_programs)
  postgres_folder=$(mktemp -d)
  port=$(free_port)
  password=$(node -p 'require("node:crypto").randomBytes(16).toString("hex")')
  (umask 077 && echo "$password" >"$postgres_folder/password")
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$postgres_folder"; fi
  (
    cd "$postgres_folder" &&
    as_postgres "$postgres_bin/initdb" --pgdata=data --username=postgres --pwfile=password --auth=scram-sha-256 \
      --locale=C --encoding=UTF8 --no-sync &&
    as_postgres "$postgres_bin/pg_ctl" start --wait --pgdata=data --log=log --options="-p $port -c listen_addresses=127.0.0.1 \
      -c unix_socket_directories= -c fsync=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=128MB"
  ) >"$postgres_folder.out" 2>&1 || {
    cat "$postgres_folder.out" "$postgres_folder/log" >&2 2>/dev/null || true
    die "The PostgreSQL server for the tests did not start; its own words are above."
  }
  export TEST_DATABASE_URL="postgres://postgres:$password@127.0.0.1:$port/postgres"
}

stop_postgres() {
  [ -n "${postgres_folder:-}" ] || return 0
  (cd "$postgres_folder" && as_postgres "$postgres_bin/pg_ctl" stop --mode=immediate --pgdata=data) >/dev/null 2>&1 || true
  rm -rf "$postgres_folder" "$postgres_folder.out"
  postgres_folder=
}
