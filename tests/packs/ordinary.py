# SPDX-License-Identifier: Apache-2.0
"""Ordinary requests as SDK events: what people search for, post and link to. The same ones each time."""
import base64
import json
import pathlib
import random
from urllib.parse import quote, quote_plus, urlencode

HERE = pathlib.Path(__file__).resolve().parent
BROWSER = {
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9,de;q=0.8", "Accept-Encoding": "gzip, deflate, br",
    "Referer": "https://www.google.com/search?q=o%27brien+%22quoted%22&oq=a", "Cookie": "_ga=GA1.2.3; sid=abc",
    "Content-Type": "multipart/form-data; boundary=----WebKitFormBoundaryABC", "Origin": "https://shop.example",
    "Sec-CH-UA": "\"Chromium\";v=\"126\", \"Not/A)Brand\";v=\"8\"", "X-Forwarded-For": "203.0.113.7, 10.0.0.2",
    "X-Forwarded-Host": "shop.example", "Host": "shop.example", "If-None-Match": "W/\"5e-abc\"", "Content-Length": "42"}
LINKS = ["https://example.com/", "https://example.com/a.jpg?x=1", "https://www.youtube.com/watch?v=abc", "https://user.example.com/~ann/",
         "http://news.example.org/2026/11/x.html", "https://example.com/index.php?id=5", "https://maps.example.com/@52.5,13.4,12z",
         "https://example.com/x?redirect=https%3A%2F%2Fexample.org"]
LINK_NAMES = ["url", "redirect", "next", "return_to", "link", "website", "image", "src", "ref", "callback", "u", "target"]
AGENTS = ["curl/8.0", "Googlebot/2.1 (+http://www.google.com/bot.html)", "python-requests/2.31", "okhttp/4.9", "PostmanRuntime/7.36",
          "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)", "Go-http-client/2.0",
          "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "GitHub-Hookshot/abc", "axios/1.6.0", "kube-probe/1.29",
          "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)", "ELB-HealthChecker/2.0", "Wget/1.21"]
NAMES = ["Ann", "José", "O'Neill", "Jean-Luc", "Müller", "D'Souza", "Anne Marie"]
STREETS = ["C/ Mayor, 5 3ºB", "Av. d'Italia 12", "1 King's Rd.", "Straße 5", "5th Ave & 42nd St"]
DOCUMENTS = [
    {"query": "query Q($id: ID!) { product(id: $id) { name price variants { id } } }", "variables": {"id": "42"}},
    {"query": "{ a: user(id:1){name} b: user(id:2){name} __typename }"}, {"@context": "https://schema.org", "@type": "Product"},
    {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"},
    {"user": {"name": "O'Brien", "address": {"street": "1 Union St", "note": "select 'rear' door"}}},
    {"html": "<p style=\"color: red\">hi <em>you</em></p><table><tr><td>1</td></tr></table>"},
    {"img": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"},
    {"xml": "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body/></Envelope>"},
    {"rss": "<rss version=\"2.0\"><channel><title>T</title><link>https://example.com</link></channel></rss>"}]


def lines(name):
    return [line for line in (HERE / name).read_text(encoding="utf-8").split("\n") if line]


def get(url, **more):
    return {"platform": "python", "request": dict(method="GET", url="https://shop.example" + url, **more)}


def post(data, kind):
    return {"platform": "php", "request": {"method": "POST", "url": "https://shop.example/form", "headers": {"Content-Type": kind}, "data": data}}


def written():
    """Each text as a search, in a form, and in JSON, parsed and not."""
    for text in lines("texts.txt"):
        yield get("/search", query_string="q=" + quote_plus(text))
        yield post(urlencode({"comment": text, "page": "2"}), "application/x-www-form-urlencoded")
        yield post({"text": text, "tags": ["a", "b"]}, "application/json")
        yield post(json.dumps({"message": text}), "application/json")


def encoded(chance):
    """Tokens, digests and blobs."""
    for _ in range(60):
        blob = bytes(chance.randrange(256) for _ in range(chance.randrange(12, 60)))
        text = base64.b64encode(blob).decode()
        yield get("/view", query_string="token=" + quote(text, safe=""))
        yield get("/view", query_string="h=" + blob.hex())
        yield get("/", headers={**BROWSER, "X-Token": text})
        yield post({"blob": base64.urlsafe_b64encode(blob).decode()}, "application/json")


def registered(chance):
    """A form that people fill in, with the marks that names and streets have."""
    for i in range(150):
        yield post(urlencode({"login": chance.choice(["ann", "bob99", "o.neil"]), "word": "P@ss; word=1'", "name": chance.choice(NAMES),
                              "surname": chance.choice(NAMES) + " " + chance.choice(NAMES), "email": "a.b@example.com", "id": "12345678Z",
                              "address": chance.choice(STREETS), "city": "L'Hospitalet", "code": f"08{i:03d}", "B1": "Register"}),
                   "application/x-www-form-urlencoded")


def ordinary():
    chance = random.Random(7)
    yield from written()
    yield from (get("/view", query_string=f"{name}={quote(link, safe='')}") for link in LINKS for name in LINK_NAMES)
    yield from (get("/view", query_string=query) for query in lines("queries.txt"))
    yield from (get(path) for path in lines("paths.txt"))
    yield from (get("/", headers={**BROWSER, "User-Agent": agent}) for agent in AGENTS)
    yield from (post(document, "application/json") for document in DOCUMENTS)
    yield from encoded(chance)
    yield from registered(chance)
