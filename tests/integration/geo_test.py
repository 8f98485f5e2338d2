#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where an address is: in the event, in a rule, from a file that is replaced while the server runs."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from tocsin import Tocsin, error

ADDRESS = "203.0.113.7"
OTHER = "203.0.113.8"
RULE = """\
title: From {country}
id: 5e0c1f6e-7a9e-4d0f-9d6e-3f6f3c1d2a0{number}
logsource: {{category: application}}
detection:
  sel:
    source.geo.country_iso_code: {code}
    source.geo.city_name: {city}
    source.as.number: {as_number}
    source.as.organization.name|contains: Example
  condition: sel
level: high
"""
PLACES = (("XA", "Atlantis", "Poseidonis", 64500), ("XB", "Lemuria", "Shalmali", 64501),
          ("XC", "Home", "Hearth", 64502))


def write_geo(path, network, place):
    code, country, city, number = place
    subprocess.run([os.environ["GEO_FILE"], path, network, code, country, city, str(number), f"Example {number}"],
                   check=True)


@unittest.skipUnless(os.environ.get("GEO_FILE"), "GEO_FILE names the program that writes databases")
class Geo(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.database = os.path.join(self.folder.name, "geo.mmdb")
        self.home = os.path.join(self.folder.name, "home.mmdb")
        write_geo(self.database, "203.0.113.0/24", PLACES[0])
        write_geo(self.home, "127.0.0.0/8", PLACES[2])

    def config(self, scrub=""):
        rules = pathlib.Path(self.folder.name, "rules")
        rules.mkdir(exist_ok=True)
        for number, (code, country, city, as_number) in enumerate(PLACES):
            (rules / f"{code}.yml").write_text(RULE.format(
                country=country, number=number, code=code, city=city, as_number=as_number))
        path = pathlib.Path(self.folder.name, "tocsin.yml")
        path.write_text(f"rules: {{paths: [{rules}]}}\n{scrub}")
        return str(path)

    def sent(self, server, number, address, headers=None):
        """Sends an error of its own issue and gives the event as the API has it."""
        event = error(message=f"number {'abcdefgh'[number]} failed", user={"ip_address": address})
        self.assertEqual(server.send(event, headers=headers)[0], 200)

        def found():
            for issue in server.issues():
                status, shown = server.api(f"/api/0/issues/{issue['id']}/events/latest/")
                if status == 200 and shown["eventID"] == event["event_id"]:
                    return shown
            return None
        return server.wait(found, "the event")

    def matched(self, server, place):
        """How often the rule of a place held."""
        status, rules = server.api("/api/0/tocsin/rules/?limit=1000")
        self.assertEqual(status, 200, rules)
        return sum(rule["matched"] for rule in rules["items"] if rule["title"] == f"From {place[1]}")

    def expect_place(self, shown, place):
        geo = shown["user"]["geo"]
        self.assertEqual((geo["country_code"], geo["region"], geo["city"], geo["as_number"], geo["as_organization"]),
                         (*place, f"Example {place[3]}"))

    def test_an_address_is_found_shown_and_matched_and_a_new_file_is_read(self):
        with Tocsin("--config", self.config(), "--geoip", self.database, "--geoip", self.home) as server:
            shown = self.sent(server, 0, ADDRESS)
            self.assertEqual(shown["user"]["ip_address"], ADDRESS)
            self.expect_place(shown, PLACES[0])
            server.wait(lambda: self.matched(server, PLACES[0]) >= 1, "the rule")
            auto = self.sent(server, 1, "{{auto}}")
            self.assertEqual(auto["user"]["ip_address"], "127.0.0.1")
            self.expect_place(auto, PLACES[2])
            server.wait(lambda: self.matched(server, PLACES[2]) >= 1, "the rule of our own address")
            self.assertEqual(self.matched(server, PLACES[1]), 0)
            loads = server.metrics()["tocsin_snapshot_generation"]
            write_geo(self.database, "203.0.113.0/24", PLACES[1])
            server.wait(lambda: server.metrics()["tocsin_snapshot_generation"] > loads, "the new file")
            self.expect_place(self.sent(server, 3, OTHER), PLACES[1])
            server.wait(lambda: self.matched(server, PLACES[1]) >= 1, "the rule of the new place")

    def test_the_place_stays_when_the_address_is_taken_out(self):
        path = self.config("scrub: {projects: {default: {ip_addresses: true}}}\n")
        with Tocsin("--config", path, "--geoip", self.database) as server:
            shown = self.sent(server, 0, ADDRESS)
            self.assertIsNone(shown["user"]["ip_address"])
            self.expect_place(shown, PLACES[0])
            self.assertNotIn(ADDRESS, json.dumps(shown))
            server.wait(lambda: self.matched(server, PLACES[0]) >= 1, "the rule that saw it before")


if __name__ == "__main__":
    unittest.main()
