-- The texts kept under digests in hex.
-- in: text[]
-- out: digest text, body text
-- by: fisc_contents_load, budget/content.c; fisc_verifier_compare_contents, ledger/verify_content.c
select encode(c.digest, 'hex') as digest, c.body
  from unnest($1::text[]) wanted
  join budget.content c on c.digest = decode(wanted, 'hex')
