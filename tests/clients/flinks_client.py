"""An integration that is written with the client `flinks`, unmodified. The argument is the server."""

import sys

from flinks import Client
from flinks.exceptions import TransportError

CUSTOMER_ID = "43387ca6-0391-4c82-857d-70d95f087ecb"
SECRET_KEY = "c4569c54-e167-4d34-8de6-f4113bc82414"
API_KEY = "3d5266a8-b697-48d4-8de6-52e2e2662acc"

client = Client(CUSTOMER_ID, sys.argv[1] + "/v3/")
banking = client.banking_services


def authorize(**what):
    """`Authorize` with a fresh token, which the client leaves to those who use it: it sends no headers of its own."""
    generated = client.session.post(
        client.api_endpoint + "BankingServices/GenerateAuthorizeToken", headers={"flinks-auth-key": SECRET_KEY}
    )
    client.session.headers["flinks-auth-key"] = generated.json()["Token"]
    return banking.authorize(**what)


client.session.headers["x-api-key"] = API_KEY
logins = []
for username, institution in [("Greatday", "FlinksCapital"), ("ana", "TestBank")]:
    told = authorize(institution=institution, username=username, password="Everyday", save=True, tag="mine")
    if told["HttpStatusCode"] == 203:
        answers = {
            "What city were you born in?": ["Montreal"],
            "What is the best country on earth?": ["Canada"],
            "What shape do people like most?": ["Triangle"],
        }
        asked = [challenge["Prompt"] for challenge in told["SecurityChallenges"]]
        assert sorted(asked) == sorted(answers), asked
        told = banking.authorize(request_id=told["RequestId"], security_responses=answers)
    assert told["HttpStatusCode"] == 200 and told["Login"]["Username"] == username, told
    request, login = told["RequestId"], told["Login"]["Id"]
    logins.append(login)

    summary = banking.get_accounts_summary(request)
    detail = banking.get_accounts_detail(
        request, with_account_identity=True, with_transactions=True, days_of_transactions="Days90"
    )
    accounts = detail["Accounts"]
    assert [account["Id"] for account in summary["Accounts"]] == [account["Id"] for account in accounts]
    assert all(account["Balance"]["Current"] is not None for account in accounts)
    assert any(account["Transactions"] for account in accounts)
    again = banking.get_accounts_detail_async(request)
    assert [account["Id"] for account in again["Accounts"]] == [account["Id"] for account in accounts]
    first = accounts[0]["Id"]
    only = banking.get_accounts_detail(request, accounts_filter=[first])
    assert [account["Id"] for account in only["Accounts"]] == [first]
    statements = banking.get_statements(request, number_of_statements="MostRecent")
    assert statements["StatementsByAccount"], statements

    banking.set_scheduled_refresh(login, is_activated=True)
    cached = authorize(login_id=login, most_recent_cached=True)
    assert cached["Login"]["Id"] == login

several = banking.authorize_multiple(logins)
assert len(several["AuthorizeResults"]) == len(logins) if "AuthorizeResults" in several else several, several
for login in logins:
    banking.delete_card(login)
try:
    authorize(login_id=logins[0], most_recent_cached=True)
    raise SystemExit("a login that was deleted can still be used")
except TransportError:
    pass
print("flinks: done")
