# A second reader of messages, for the oracle: takes a message apart with expat, checks what the schemas do not say of the
# frame, and writes each section that a schema has something to say of as a file of its own.
#
# Standard input: a line of JSON for each message, {"file": ..., "out": ...}. Standard output: one for each in turn,
# {"error": ...} or {"sections": [...]}.

import json
import sys
from xml.dom import minidom
from xml.parsers.expat import ExpatError

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XMLNS = "http://www.w3.org/2000/xmlns/"
ACTIVE = ("http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/", "ActiveOrganisationHeader")
METADATA = ("http://service.bm.dk/RequestUserMetadata/2015/01/21/", "RequestUserMetadataHeader")
SEQUENCE = ("http://docs.oasis-open.org/ws-rx/wsrm/200602", "SequenceRequest")
FETCH = ("http://service.bm.dk/WsrmMessageService/2022/01/01/", "GetTidligPensionVersion1Request")
HINTS = ("schemaLocation", "noNamespaceSchemaLocation")
# White space around a number does not count (XML Schema, whiteSpace); libxml2 before 2.11 forgot that for xs:int, so it
# is taken away here. AcksTo may say of itself that it is a number.
NUMBERS = ("OrganisationTypeIdentifier", "CodeListItemIdentifier", "AcksTo")
OF_BLOCKS = ("mustUnderstand", "actor", "encodingStyle")


class Refused(Exception):
    pass


def name(element):
    return (element.namespaceURI or "", element.localName)


def elements(parent):
    return [node for node in parent.childNodes if node.nodeType == node.ELEMENT_NODE]


def content(element):
    texts = (element.TEXT_NODE, element.CDATA_SECTION_NODE)
    return "".join(node.data for node in element.childNodes if node.nodeType in texts)


def escape(text, also=""):
    text = text or ""  # minidom has None for xmlns=""
    for raw, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        text = text.replace(raw, written)
    for raw in also:
        text = text.replace(raw, "&#%d;" % ord(raw))
    return text


def write(element, declared, is_block=False):
    """The element as text; `declared` are the namespaces that stand around it and must be written on it."""
    attributes = dict(declared)
    for at in range(element.attributes.length):
        attribute = element.attributes.item(at)
        if attribute.namespaceURI == XSI and attribute.localName in HINTS:
            continue
        if is_block and attribute.namespaceURI == SOAP and attribute.localName in OF_BLOCKS:
            continue
        attributes[attribute.name] = attribute.value
    text = "<" + element.tagName
    for key, value in attributes.items():
        text += ' %s="%s"' % (key, escape(value, '"\n\t'))
    text += ">"
    if element.localName in NUMBERS and not elements(element):
        text += escape(content(element).strip(" \t\r\n"))
        return text + "</" + element.tagName + ">"
    for node in element.childNodes:
        if node.nodeType == node.ELEMENT_NODE:
            text += write(node, {})
        elif node.nodeType == node.CDATA_SECTION_NODE:
            text += "<![CDATA[%s]]>" % node.data
        elif node.nodeType == node.TEXT_NODE:
            text += escape(node.data)
    return text + "</" + element.tagName + ">"


def namespaces_around(element):
    declared = {}
    parent = element.parentNode
    while parent is not None and parent.nodeType == parent.ELEMENT_NODE:
        for at in range(parent.attributes.length):
            attribute = parent.attributes.item(at)
            if attribute.namespaceURI == XMLNS:
                declared.setdefault(attribute.name, attribute.value)
        parent = parent.parentNode
    return declared


def read(path):
    """The sections of the message in that file, as texts."""
    with open(path, "rb") as file:
        document = minidom.parseString(file.read())
    if document.doctype is not None:
        raise Refused("it has a document type declaration")
    root = document.documentElement
    if name(root) != (SOAP, "Envelope"):
        raise Refused("it is no Envelope")
    parts = elements(root)
    header = parts.pop(0) if parts and name(parts[0]) == (SOAP, "Header") else None
    if [name(part) for part in parts] != [(SOAP, "Body")]:
        raise Refused("it has not one Body")
    payloads = elements(parts[0])
    if len(payloads) != 1:
        raise Refused("it has not one payload")
    wanted = [ACTIVE, METADATA] + ([SEQUENCE] if name(payloads[0]) == FETCH else [])
    sections = [(payloads[0], False)]
    for one in wanted:
        blocks = [] if header is None else [block for block in elements(header) if name(block) == one]
        if len(blocks) != 1:
            raise Refused("it has %d headers %s" % (len(blocks), one[1]))
        sections.append((blocks[0], True))
    return [write(section, namespaces_around(section), is_block) for section, is_block in sections]


for line in sys.stdin:
    task = json.loads(line)
    try:
        found = []
        for at, text in enumerate(read(task["file"])):
            path = "%s-%d.xml" % (task["out"], at)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            found.append(path)
        answer = {"sections": found}
    except Refused as refused:
        answer = {"error": str(refused)}
    except (ExpatError, LookupError, ValueError) as error:
        answer = {"error": "expat: %s" % error}
    print(json.dumps(answer), flush=False)
