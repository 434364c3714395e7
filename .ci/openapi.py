"""Holds a running demonstration against its own OpenAPI document, with schemathesis.

    openapi.py ADDRESS FOLDER ADMINISTRATOR ASSESSOR MANAGER

The public asks for what is public; a program, an administrator of its council, an assessor and a fund manager ask for the
rest. The last three sign in with the links that are given. FOLDER takes what schemathesis reads besides openapi.toml.
"""

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Whether an operation asks who is there, as its document says.
CLOSED = "/security/0/token == []"
ROUND, CLOSED_ROUND = "open-round", "local-digital-fund-round-1"


class Caller:
    """Asks the service with some headers."""

    def __init__(self, address, headers=None):
        self.address = address
        self.headers = headers or {}

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **self.headers}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.address + path, data, headers)) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{path} answered {refusal.code}: {refusal.read().decode()}")


def signed_in(address, link):
    """Whoever follows a sign-in link, as a browser does: its page has one button."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def token_on(page):
        with opener.open(page) as answer:
            return re.search(r'name="csrf" value="([^"]+)"', answer.read().decode())[1]

    opener.open(link, urllib.parse.urlencode({"csrf": token_on(link)}).encode()).close()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    return Caller(address, {"Cookie": cookies, "X-CSRF-Token": token_on(f"{address}/account")})


def program(administrator, council):
    """A new program of the administrator's council, and its id."""
    made = administrator.ask(f"/api/v1/organisations/{council}/clients", {"name": "The check of the OpenAPI document"})
    asked = {"grant_type": "client_credentials", "client_id": made["client"]["id"], "client_secret": made["secret"]}
    token = Caller(administrator.address).ask("/api/v1/token", asked)["access_token"]
    return Caller(administrator.address, {"Authorization": f"Bearer {token}"}), made["client"]["id"]


def known(public, administrator, assessor, manager, made):
    """What stands in the database, by what it is: without it nearly every request would ask for nothing that there is."""
    council, client = made
    own = [bid["reference"] for bid in administrator.ask("/api/v1/bids")["items"]]
    start = {"round": ROUND, "lead": council, "title": "A bid of the check"}
    drafts = [administrator.ask("/api/v1/bids", start)["reference"] for _ in range(3)]
    grants = public.ask(f"/api/v1/open/rounds/{CLOSED_ROUND}/awards.json")["grants"]
    funded = next(bid for bid in own if any(grant["id"].endswith(bid) for grant in grants))
    readers = [reader["person"] for reader in manager.ask(f"/api/v1/bids/{funded}/assessors")]
    members = administrator.ask(f"/api/v1/organisations/{council}/members")
    # Without an administrator nobody would ask the rest.
    colleagues = [member["person"] for member in members if member["role"] != "administrator"]
    rulebook = public.ask(f"/api/v1/rounds/{ROUND}")["rulebook"]
    sections = [section for form in ("eoi", "full") for section in rulebook[form]["sections"]]
    return {
        "references": [*drafts, funded, assessor.ask("/api/v1/assessments")[0]["reference"]],
        "slugs": [ROUND, CLOSED_ROUND],
        "funds": [fund["slug"] for fund in manager.ask("/api/v1/funds")],
        "organisations": [council],
        "clients": [client],
        "people": [*readers, *colleagues],
        "partners": [partner["id"] for partner in administrator.ask(f"/api/v1/bids/{funded}/partners")["partners"]],
        "outcomes": [outcome["id"] for outcome in public.ask(f"/api/v1/projects/{funded}")["outcomes"]],
        "questions": [question["id"] for section in sections for question in section["questions"]],
        "actions": [choice["transition"] for choice in administrator.ask(f"/api/v1/bids/{funded}/actions")["choices"]]
        + [choice["transition"] for choice in administrator.ask(f"/api/v1/bids/{drafts[0]}/actions")["choices"]],
        "entries": [entry["entry_key"] for entry in public.ask("/api/v1/register?limit=3")["items"]],
    }


def run(folder, who, caller, *selected):
    print(f"-- as {who}", flush=True)
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", "openapi.toml", "run",
               f"{caller.address}/api/v1/openapi.json", "--no-color", *selected, *sys.argv[6:]]
    for name, value in caller.headers.items():
        command += ["-H", f"{name}: {value}"]
    return subprocess.run(command, cwd=folder, check=False).returncode == 0


def main(address, folder, *links):
    public = Caller(address)
    administrator, assessor, manager = (signed_in(address, link) for link in links)
    council = administrator.ask("/api/v1/me")["memberships"][0]["organisation"]
    of_council, client = program(administrator, council)
    for name, words in known(public, administrator, assessor, manager, (council, client)).items():
        lines = "".join(f"{json.dumps(word)}\n" for word in words)
        (Path(folder) / f"{name}.txt").write_text(lines, encoding="utf-8")
    shutil.copy(HERE / "openapi.toml", folder)
    # What cannot be read is refused before anybody asks who sent it, so the phase that varies it runs as the program alone.
    # Whoever ends the session with which they ask is nobody from then on.
    person = ("--include-by", CLOSED, "--phases", "fuzzing", "--exclude-path", "/api/v1/me/sessions/{session}")
    passed = [
        run(folder, "the public", public, "--exclude-by", CLOSED),
        run(folder, "a program", of_council, "--include-by", CLOSED),
        run(folder, "an administrator", administrator, *person),
        run(folder, "an assessor", assessor, *person),
        run(folder, "a fund manager", manager, *person),
    ]
    if not all(passed):
        sys.exit("The service and its OpenAPI document do not agree: see above.")


if __name__ == "__main__":
    main(*sys.argv[1:6])
