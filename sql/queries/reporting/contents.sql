-- The published bytes kept under digests in hex.
-- in: text[]
-- out: digest text, body bytea
-- by: fisc_publication_bytes, app/flows/publication.c; fisc_verifier_compare_contents, ledger/verify_content.c
select encode(c.digest, 'hex') as digest, c.body
  from unnest($1::text[]) wanted
  join reporting.content c on c.digest = decode(wanted, 'hex')
