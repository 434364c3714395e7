"""Holds the award list of a running demonstration against the 360Giving standard: its schema, its codelists, its CSV.

    open_data.py ADDRESS SHARED FIGURES

SHARED is the folder that holds data/360giving, FIGURES the file in which the replay counted what it awarded.
"""

import csv
import io
import json
import re
import sys
import textwrap
import urllib.request
from collections import Counter
from pathlib import Path

from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROUND = "local-digital-fund-round-1"
# Not marked as such in the schema, though the standard's reference says that they are closed.
CLOSED = {"currency.csv", "countryCode.csv"}
# Columns of our own, after the standard's.
OWN_COLUMNS = ["Partners", "Delivery Partners", "Supporters", "Illustrative"]


class Standard:
    """The schemas and codelists, as 360Giving publishes them."""

    def __init__(self, folder):
        if not folder.is_dir():
            sys.exit(f"{folder} is missing: give the folder that holds data/360giving as argument.")
        self.folder = folder
        self.package = json.loads((folder / "360-giving-package-schema.json").read_text(encoding="utf-8"))
        self.grant = json.loads((folder / "360-giving-schema.json").read_text(encoding="utf-8"))
        self.additional = Counter()
        self.codes = {path.name: self.read_codes(path) for path in (folder / "codelists").glob("*.csv")}
        lists = json.loads((folder / "orgid_list_codes.json").read_text(encoding="utf-8"))
        self.org_lists = {entry["code"] for entry in lists if entry["confirmed"] and not entry["deprecated"]}

    @staticmethod
    def read_codes(path):
        with open(path, newline="", encoding="utf-8-sig") as file:
            return {row["Code"] for row in csv.DictReader(file)}

    def faults(self, package):
        checks = {"codelist": self.check_codelist, "properties": self.check_properties}
        kind = validators.extend(Draft202012Validator, checks)
        grant = Resource.from_contents(self.grant, default_specification=DRAFT202012)
        # The package's schema names that of grants by an earlier number of the same version.
        registry = Registry(retrieve=lambda address: grant)
        validator = kind(self.package, registry=registry, format_checker=kind.FORMAT_CHECKER)
        for fault in validator.iter_errors(package):
            yield f"{fault.json_path}: {fault.message}"

    def check_codelist(self, _validator, name, value, schema):
        closed = schema.get("openCodelist") is False or name in CLOSED
        if closed and value is not None and value not in self.codes[name]:
            yield ValidationError(f"{value!r} is not in the closed codelist {name}")

    def check_properties(self, validator, properties, value, schema):
        if isinstance(value, dict):
            self.additional.update(set(value) - set(properties))
            if "geoCode" in properties and value.get("geoCodeType", "UA") not in self.codes["geoCodeType.csv"]:
                yield ValidationError(f"{value['geoCodeType']!r} is not in the closed codelist geoCodeType.csv")
        yield from Draft202012Validator.VALIDATORS["properties"](validator, properties, value, schema)

    def columns(self):
        """The titles of the flat form, each with the place of its value in a grant."""
        places = {}
        for name, schema in self.grant["properties"].items():
            schema = self.resolved(schema)
            title = schema.get("title", name.title())
            items = self.resolved(schema.get("items", {}))
            if "properties" not in items:
                places[title] = (name,)
            for inner, inner_schema in items.get("properties", {}).items():
                inner_schema = self.resolved(inner_schema)
                places[f"{title}:{inner_schema.get('title', inner)}"] = (name, 0, inner)
        return places

    def resolved(self, schema):
        """A schema with what it refers to; its own words count for more."""
        if "$ref" not in schema:
            return schema
        return {**self.grant["$defs"][schema["$ref"].rsplit("/", 1)[1]], **schema}


def at(grant, place):
    value = grant
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError):
            return ""
    return str(value)


def names(bodies):
    return "; ".join(body["name"] for body in bodies)


def supporters(grant):
    return grant.get("supporters", [])


def identifier_faults(standard, package):
    ids = [grant["id"] for grant in package["grants"]]
    yield from (f"{id}: is there twice" for id, count in Counter(ids).items() if count > 1)
    yield from (f"{id}: is no grant id" for id in ids if not re.fullmatch(r"360G-[A-Za-z0-9-]+-[A-Za-z0-9_.-]+", id))
    for grant in package["grants"]:
        bodies = [*grant["recipientOrganization"], *grant["fundingOrganization"], *grant["partners"], *supporters(grant)]
        for body in bodies:
            known = body["id"].startswith("360G-") or "-".join(body["id"].split("-")[:2]) in standard.org_lists
            if not known:
                yield f"{grant['id']}: {body['id']} is in no list of org-id.guide"


def csv_faults(standard, package, text):
    """The CSV tells the same grants in the same order, cell by cell."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    places = standard.columns()
    titles = list(rows[0]) if rows else []
    unknown = [title for title in titles if title not in places]
    if unknown != OWN_COLUMNS:
        yield f"the columns {unknown} are not the standard's; {OWN_COLUMNS} were expected"
    if len(rows) != len(package["grants"]):
        yield f"the CSV has {len(rows)} grants, the JSON {len(package['grants'])}"
    for grant, row in zip(package["grants"], rows):
        own = {
            "Partners": names(grant["partners"]),
            "Delivery Partners": names(body for body in grant["partners"] if body["kind"] == "delivery_partner"),
            "Supporters": names(supporters(grant)),
            "Illustrative": "Yes" if grant["illustrative"] else "No",
        }
        for title, cell in row.items():
            said = own[title] if title in own else at(grant, places.get(title, ()))
            # Each form names itself as its source; a text that a spreadsheet would calculate has an apostrophe before it.
            if title == "Data Source":
                said = said.replace("awards.json", "awards.csv")
            if cell not in (said, f"'{said}"):
                yield f"{grant['id']}, {title}: the CSV says {cell!r}, the JSON {said!r}"


def total_faults(package, figures, page):
    pence = round(sum(grant["amountAwarded"] * 100 for grant in package["grants"]))
    if pence != figures["awarded_pence"]:
        yield f"the grants add up to {pence} pence, the replay awarded {figures['awarded_pence']}"
    if len(package["grants"]) != figures["funded"]:
        yield f"there are {len(package['grants'])} grants, the replay funded {figures['funded']}"
    if f"£{pence // 100:,}" not in page:
        yield f"the page of the awards does not say £{pence // 100:,}"


def faults(standard, package, text, figures, page):
    of_schema = list(standard.faults(package))
    if of_schema:
        # What follows takes for granted that the package is one.
        yield from of_schema
        return
    yield from identifier_faults(standard, package)
    yield from csv_faults(standard, package, text)
    yield from total_faults(package, figures, page)


def fetch(address):
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode("utf-8-sig")


def main(address, shared, figures):
    standard = Standard(Path(shared) / "data" / "360giving")
    files = f"{address}/api/v1/open/rounds/{ROUND}/awards"
    package, text = json.loads(fetch(f"{files}.json")), fetch(f"{files}.csv")
    figures = json.loads(Path(figures).read_text(encoding="utf-8"))
    found = list(faults(standard, package, text, figures, fetch(f"{address}/rounds/{ROUND}/awards")))
    for fault in found:
        print(textwrap.shorten(fault, 400))
    if found:
        sys.exit(f"{len(found)} faults in the open data.")
    additional = ", ".join(f"{name} ({count})" for name, count in sorted(standard.additional.items()))
    print(f"{len(package['grants'])} grants are valid 360Giving 1.4, and the CSV tells the same. Additional fields: {additional}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
