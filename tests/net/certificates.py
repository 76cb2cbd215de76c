"""certificates.py: the certificates of the evil peer, made by openssl in a folder of the test's own.

ca.pem signs good, client, expired and other; selfsigned and stranger (a client's) are signed by nobody we know.
"""

import pathlib
import subprocess


def _openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def _make_key(folder, name):
    _openssl(folder, "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", f"{name}.key")


def _make_self_signed(folder, name, subject):
    _make_key(folder, name)
    _openssl(folder, "req", "-x509", "-key", f"{name}.key", "-subj", subject, "-days", "2",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", f"{name}.pem")


def _make_signed(folder, name, alternative, *validity):
    _make_key(folder, name)
    (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
    _openssl(folder, "req", "-new", "-key", f"{name}.key", "-subj", f"/CN={name}", "-out", f"{name}.csr")
    _openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-extfile", f"{name}.ext", "-out", f"{name}.pem", *(validity or ("-days", "2")))


def make(folder):
    """Makes all of them; returns the folder as a path."""
    folder = pathlib.Path(folder)
    _make_self_signed(folder, "ca", "/CN=Evil Authority")
    _make_self_signed(folder, "selfsigned", "/CN=localhost")
    _make_self_signed(folder, "stranger", "/CN=stranger")
    own_names = "DNS:localhost,IP:127.0.0.1"
    _make_signed(folder, "good", own_names)
    _make_signed(folder, "client", own_names)
    _make_signed(folder, "other", "DNS:bank.example")
    _make_signed(folder, "expired", own_names, "-days", "-1")
    return folder
