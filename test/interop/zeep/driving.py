"""What both drivers share: reading a line, doing what it says, and saying in JSON what came of it."""

from service_client import PensionFault


def as_dict(forloeb):
    """A forløb as the tests compare it; what is not there is left out."""
    overgang = forloeb.OvergangTilTidligPension
    kompensation = forloeb.Kompensationsudbetaling
    found = {
        "guid": forloeb.TidligPensionIdentifier,
        "overgang": overgang and overgang.TidligPensionOvergangsdato.isoformat(),
        "afgoerelse": overgang and overgang.TidligPensionAfgoerelsesdato.isoformat(),
        "ophoer": overgang and overgang.TidligPensionOphoersdato and overgang.TidligPensionOphoersdato.isoformat(),
        "kompensation": kompensation and kompensation.Kompensationsafgoerelsesdato.isoformat(),
    }
    return {name: value for name, value in found.items() if value is not None}


def outcome_of(verbs, line):
    """Does what a line says, by the function of its verb."""
    verb, *words = line.split()
    try:
        return verbs[verb](dict(word.split("=", 1) for word in words))
    except PensionFault as fault:
        return {"fault": fault.code, "text": fault.text, "message": fault.message, "source": fault.source}
    except Exception as error:
        return {"error": repr(error)}
