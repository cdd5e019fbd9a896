"""Has zeep read a WSDL (file or address) and print what it found, for the interop tests."""

import sys

import requests
import zeep
from zeep.transports import Transport

wsdl, ca = sys.argv[1:]
with requests.Session() as session:
    session.trust_env = False
    session.verify = ca
    zeep.Client(wsdl, transport=Transport(session=session)).wsdl.dump()
