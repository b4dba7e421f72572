"""An integration that is written with the client `flanks-client`, unmodified. The arguments are the server, and where
people go at the end. It prints the address that a person is sent to, and goes on once they linked."""

import asyncio
import sys

from flanks import FlanksClient
from flanks.exceptions import FlanksAuthError, FlanksNotFoundError, FlanksValidationError
from pydantic import ValidationError

CLIENT_ID = "43387ca6-0391-4c82-857d-70d95f087ecb"
CLIENT_SECRET = "c4569c54-e167-4d34-8de6-f4113bc82414"
SERVER, REDIRECT_URI = sys.argv[1:]


def client(secret=CLIENT_SECRET):
    return FlanksClient(client_id=CLIENT_ID, client_secret=secret, base_url=SERVER)


async def raises(error, call):
    try:
        await call
    except error:
        return
    raise SystemExit(f"{error.__name__} was expected")


async def person(flanks, link, extra):
    """Waits for somebody who was sent to a link."""
    print(f"{SERVER}/link?token={link.token}&bank=testbank&{extra}", flush=True)
    while not (codes := await flanks.links.get_unused_codes(link.token)):
        await asyncio.sleep(0.1)
    [code] = codes
    exchanged = await flanks.links.exchange_code(code.code)
    assert exchanged.link_token == link.token and exchanged.extra == code.extra, exchanged
    await raises(FlanksValidationError, flanks.links.exchange_code(code.code))
    return exchanged


async def main():
    async with client("bl_sk_wrong") as nobody:
        await raises(FlanksAuthError, nobody.entities.list())
    async with client() as flanks:
        banks = await flanks.entities.list()
        assert "testbank" in [bank.id for bank in banks]

        link = await flanks.links.create(REDIRECT_URI, name="Python", company_name="Pennywise")
        assert link.active and link.pending_code_count == 0
        edited = await flanks.links.edit(link.token, name="Serpent")
        assert (edited.name, edited.company_name) == ("Serpent", "Pennywise")
        assert not (await flanks.links.pause(link.token)).active
        assert (await flanks.links.resume(link.token)).active

        linked = await person(flanks, link, "myuser=7&external_id=customer-1")
        token = linked.credentials_token
        assert linked.extra == {"myuser": "7"}, linked
        [listed] = await flanks.credentials.list_all()
        assert (listed.credentials_token, listed.bank, listed.external_id) == (token, "testbank", "customer-1")

        accounts = await flanks.aggregation_v1.get_accounts(token)
        transactions = await flanks.aggregation_v1.get_account_transactions(token)
        assert accounts and all(account.balance is not None for account in accounts)
        assert {transaction.account_id for transaction in transactions} <= {account.account_id for account in accounts}
        some = await flanks.aggregation_v1.get_account_transactions(token, {"account_id": [accounts[0].account_id]})
        assert some and all(transaction.account_id == accounts[0].account_id for transaction in some)
        assert (await flanks.aggregation_v1.get_holders(token))[0].name
        assert (await flanks.aggregation_v1.get_identity(token)).name

        for nothing in ("cards", "card_transactions", "investments", "investment_transactions", "liabilities", "portfolios"):
            assert await getattr(flanks.aggregation_v1, f"get_{nothing}")(token) == []

        # The person comes back with a token, and has the same credentials.
        again = await flanks.credentials.force_sca(token)
        assert again == await flanks.credentials.force_sca(token)
        assert await flanks.credentials.force_reset(token)
        assert await flanks.credentials.force_transaction(token)
        assert (await person(flanks, link, f"sca_token={again}")).credentials_token == token

        # What the client contradicts of the documents: the documents win.
        await raises(TypeError, flanks.links.list())
        await raises(ValidationError, flanks.credentials.get_status(token))

        await flanks.links.delete(link.token)
        await flanks.credentials.delete(token)
        await raises(FlanksNotFoundError, flanks.aggregation_v1.get_accounts(token))


asyncio.run(main())
print("flanks-client: done")
