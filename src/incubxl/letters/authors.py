"""Names of the people who wrote a template: taken out of what a letter carries besides its text."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from incubxl.letters import text

_EMPTIED = {  # elements whose text goes, by local name
    "docProps/core.xml": {
        "creator", "lastModifiedBy", "subject", "keywords", "description", "category", "contentStatus",
    },
    "docProps/app.xml": {"Company", "Manager", "HyperlinkBase", "Template"},
}  # fmt: skip
_CLEARED = ("docProps/custom.xml", "word/people.xml")  # nothing but such
_ATTACHED = "attachedTemplate"  # where the template's own template lies on its writer's disk
_SETTINGS, _SETTINGS_RELS = "word/settings.xml", "word/_rels/settings.xml.rels"


def anonymous(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members of a Word file without its writers' names, company and disk; the rest byte for byte."""
    return {name: _without_people(name, data) for name, data in members.items()}


def _without_people(name: str, data: bytes) -> bytes:
    if name not in (*_EMPTIED, *_CLEARED, _SETTINGS, _SETTINGS_RELS):
        return data
    try:
        root = text.parse(data)
    except etree.XMLSyntaxError:
        return data  # Word does not open such a file
    before = etree.tostring(root)
    if name in _CLEARED:
        for child in list(root):
            root.remove(child)
    elif name in _EMPTIED:
        for node in root.iter(etree.Element):
            if etree.QName(node).localname in _EMPTIED[name]:
                node.text = None
    else:
        for node in list(root):
            about = str(node.get("Type") or node.tag).rsplit("}", 1)[-1].rsplit("/", 1)[-1]
            if about == _ATTACHED:
                root.remove(node)
    if etree.tostring(root) == before:
        return data
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
