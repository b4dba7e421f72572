"""A data recipient that is written with `authlib`, unmodified. The arguments are the server, and where people go at the
end. It prints each address that a person is sent to, and reads from its input where they came back to."""

import os
import sys
from urllib.parse import parse_qsl, urlsplit

import requests

SERVER, REDIRECT_URI = sys.argv[1:]
# A sandbox on this machine has no certificate.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.common.security import generate_token  # noqa: E402
from authlib.integrations.base_client import OAuthError  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session  # noqa: E402

CLIENT_ID = "43387ca6-0391-4c82-857d-70d95f087ecb"
CLIENT_SECRET = "c4569c54-e167-4d34-8de6-f4113bc82414"
SCOPES = (
    "ACCOUNT_BASIC ACCOUNT_DETAILED ACCOUNT_PAYMENTS INVESTMENTS TRANSACTIONS STATEMENTS CUSTOMER_CONTACT CUSTOMER_PERSONAL"
)
METADATA = requests.get(f"{SERVER}/.well-known/oauth-authorization-server").json()
TOKEN = METADATA["token_endpoint"]


def session(method="client_secret_basic", **more):
    return OAuth2Session(CLIENT_ID, CLIENT_SECRET, token_endpoint_auth_method=method, **more)


def refused(error, call):
    try:
        call()
    except OAuthError as refusal:
        assert refusal.error == error, refusal
        return
    raise SystemExit(f"{error} was expected")


def person(client, **more):
    """Sends somebody, and returns where they come back to."""
    address, _ = client.create_authorization_url(METADATA["authorization_endpoint"], **more)
    print(address, flush=True)
    return sys.stdin.readline().strip()


def get(client, path):
    answer = client.get(f"{SERVER}/api/fdx/5/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


for method in ["client_secret_basic", "client_secret_post"]:
    own = session(method)
    own.fetch_token(TOKEN, grant_type="client_credentials")
    providers = own.get(f"{SERVER}/api/v1/providers").json()
    assert 1000 in [provider["provider_id"] for provider in providers], providers
refused(
    "invalid_client",
    lambda: OAuth2Session(CLIENT_ID, "wrong").fetch_token(TOKEN, grant_type="client_credentials"),
)

client = session(scope=SCOPES, redirect_uri=REDIRECT_URI, code_challenge_method="S256")
verifier = generate_token(48)
back = person(client, code_verifier=verifier, provider_id="testbank", correlation_id="fce84d61")
refused("invalid_grant", lambda: client.fetch_token(TOKEN, authorization_response=back, code_verifier="x" * 43))
token = client.fetch_token(TOKEN, authorization_response=back, code_verifier=verifier)
assert token["expires_in"] == 300 and token["token_type"] == "Bearer", token

customer = get(client, "customers/current")
assert customer["name"]["last"], customer
seen = []
for shape in get(client, "accounts?resultType=details")["accounts"]:
    [account] = shape.values()
    seen.append(account["accountId"])
    path = f"accounts/{account['accountId']}/transactions?limit=50"
    while path:
        page = get(client, path)
        assert all(entry["accountId"] == seen[-1] for shape in page["transactions"] for entry in shape.values())
        following = page["links"].get("next")
        path = following and following["href"].removeprefix(f"{SERVER}/api/fdx/5/")
assert seen

before = client.token["access_token"]
client.refresh_token(TOKEN)
assert client.token["access_token"] != before and client.token["refresh_token"] == token["refresh_token"]
assert [shape for shape in get(client, "accounts")["accounts"]]
client.revoke_token(METADATA["revocation_endpoint"], token["refresh_token"], token_type_hint="refresh_token")
refused("invalid_grant", lambda: client.refresh_token(TOKEN, refresh_token=token["refresh_token"]))

declines = session(scope="ACCOUNT_BASIC", redirect_uri=REDIRECT_URI)
back = person(declines, state="s-1")
denied = {"error": "access_denied", "error_description": "The user denied the access", "state": "s-1"}
assert dict(parse_qsl(urlsplit(back).query)) == denied, back
print("authlib: done", flush=True)
