/* commands.c: the table of commands and their options: what fisc can do from a terminal. */
#include "app/cli/commands.h"
#include "bench/bench.h"

/* clang-format off */
const FiscCliOption fisc_cli_globals[] = {
    {"data", "DIR", "where the embedded database is kept"},
    {"db", "URI", "use this PostgreSQL instead of the embedded one"},
    {"actor", "PERSON", "who answers for what is written (or FISC_ACTOR)"},
    {"on-behalf", "PERSON", "whose duty the actor exercises by delegation (or FISC_ON_BEHALF)"},
    {"json", NULL, "results as JSON"},
    {"version", NULL, "print the version"},
    {"help", NULL, "print this page"},
    {NULL, NULL, NULL},
};

#define DOCUMENTS_MAX 10000 /* named at once */
#define TABLE_OPTIONS \
    {"columns", "NAMES", "print only these columns, in this order"}, \
    {"format", "FORMAT", FISC_FORMAT_WORDS}
#define SOURCE_OPTION {"source", "S", "where the references are unique; \"" FISC_SOURCE_PACKAGE "\" when not given"}
#define END {NULL, NULL, NULL}

static const FiscCliOption bench_options[] = {
    {"seconds", "N", "of each measure; " G_STRINGIFY(FISC_BENCH_SECONDS) " when not given"},
    {"rounds", "N", "how often everything is measured, in turn"},
    {"clients", "N", "submitters at once"},
    {"entries", "N", "of the text that `load` reads"},
    {"lines", "N", "of the books that `report` reads"},
    {"units", "N", "of the nation of `statements`"},
    {"seed", "N", "of everything that is drawn"},
    END,
};

static const FiscCliOption post_options[] = {
    SOURCE_OPTION,
    {"atomic", NULL, "all entries or none"},
    {"dry-run", NULL, "decide, but write nothing"},
    END,
};

static const FiscCliOption funds_options[] = {
    {"entity", "E", "whose funds"},
    {"period", "P", "the year; this year when not given"},
#define X(name, column, meaning) {column, "CODE", meaning},
    FISC_DIMENSIONS(X)
#undef X
    TABLE_OPTIONS,
    END,
};

/* The words of a report, whoever asks: rows of app/flows/report_words.c. Every line ends with a
 * backslash. */
#define REPORT_OPTIONS \
    {"unit", "U", "an entity or a group"}, \
    {"period", "P", "2024, 2024-Q3, 2024-06 or 2024-01..2024-07"}, \
    {"as-of", "DATE", "only entries effective by then"}, \
    {"known-at", "BATCH", "only what was posted by then"}, \
    {"rules-at", "BATCH", "units, charts, layouts and rules as they were then"}, \
    {"before-closing", NULL, "leave period 13 out"}, \
    {"standard", "S", "gfsm2014 when not given; gfsm2001, questionnaire, ipsas"}, \
    {"layout", "NAME", "of layout: a statement of one's own, on record"}, \
    {"beside", "COLUMNS", "more columns: quarters, months, years=2, members, subsectors, period=P, unit=U, as-of=D, known-at=B, standard=S"}, \
    {"change", NULL, "with --beside: the first column less each of the others"}, \
    {"comparatives", "HOW", "restated: earlier figures under the units and accounts of the period's end"}, \
    {"calendar", "HOW", "own: each unit's fiscal year that ends in the period's year"}, \
    {"currency", "C", "of the statement; that of the units when not given"}, \
    {"allocation", "NAME", "share costs out as this allocation says"}, \
    {"layer", "NAMES", "of statements: reported, an adjustment layer, or several with \",\"; all when not given"}, \
    {"language", "L", "of labels: en, es, ko, ru"}, \
    {"statement", "NAMES", "of gfs: only these, as \"SOO\" or \"SOO,SSUC\""}, \
    {"by", "COLUMNS", "of budget-stages, budget-book, pivot: \"entity=001,programme:1\"; of eliminations: \"pair\" or \"level\"; of asymmetries: \"kind\""}, \
    {"across", "SEGMENT", "of pivot: a column for each of its words: \"economic:1\""}, \
    {"measure", "M", "of pivot: net, debit, credit, balance, revenue, expense, cash-in, cash-out, or a stage: final, paid ..."}, \
    {"where", "CODES", "of budget-book, pivot: only lines whose codes begin so: \"programme=231 economic=22\""}, \
    {"years", "N", "of budget-book: so many earlier years, too"}, \
    {"revenue", NULL, "of budget-stages, budget-book: revenue instead of spending"}, \
    {"over", NULL, "of budget-stages: only where authorized exceeds final"}, \
    {"control", "C", "of control-exceptions: only this one"}, \
    {"detail", NULL, "of control-exceptions: each key over; of budget-book: each act"}, \
    {"contingency", "CODES", "of pefa: the lines of the contingency vote: \"programme=929\""}, \
    {"unconsolidated", NULL, "add the members up, eliminate nothing"}

static const FiscCliOption report_options[] = {
    REPORT_OPTIONS,
    {"reproduce", "ID", "make a publication again, and hold it against what was published"},
    {"stored", NULL, "with --reproduce: the bytes as they were published, from where they are kept"},
    {"depth", "N", "print only rows indented at most N times"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption publish_options[] = {
    {"id", "ID", "of report: its name for ever"},
    {"status", "S", "of report: flash, provisional or final"},
    {"title", "TEXT", "of report: what people call it; the report's own title when not given"},
    {"replaces", "ID", "of report: the publication that this one corrects"},
    {"since", "DIR", "of bundle: the bundle before, which CHANGES.csv compares with"},
    {"key", "FILE", "of bundle: the private key; keys/head.key beside the database when not given"},
    REPORT_OPTIONS,
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption question_options[] = {
    {"title", "TEXT", "of save: what people call it; its words when not given"},
    REPORT_OPTIONS,
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption drill_options[] = {
    {"to", "LEVEL", "balances (when not given), entries, lines, documents, rows"},
    {"files", "DIR", "of rows: the published files, each row held against the entry it made"},
    {"limit", "N", "so many rows at most; the rest is added up"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption feeder_options[] = {
    {"reason", "TEXT", "of put and map: why; stays in the books, so it names no natural person"},
    {"from", "DATE", "of map: the first day it counts for; from ever when not given"},
    {"dry-run", NULL, "of map: tell what it would change"},
    {"table", "NAME", "of propose: only for this table of the map"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption pull_options[] = {
    {"replay", NULL, "fetch nothing: read again what is kept, by the map that is in force"},
    {"key", "FILE", "sign the receipts with this key (fisc head --new-key)"},
    {"secrets", "DIR", "where the passwords and tokens lie that feeders name"},
    {"workers", "N", "feeders at once, 1 to 32; 4 when it is not said"},
    {"progress", NULL, "tell how far it is where stderr is no terminal, too"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption agent_options[] = {
    {"server", "URL", "that takes the documents: https://fisc.example"},
    {"feeder", "FEEDER", "as the register calls this unit's books"},
    {"key", "FILE", "signs what is handed over"},
    {"token", "FILE", "with a token of the API (fisc person token)"},
    {"database", "FILE", "documents of a database, too: which, and by which queries"},
    {"queue", "DIR", "where documents wait; DIR/.fisc-agent when not given"},
    {"certified-by", "NAME", "who answers for the figures; without it they are provisional"},
    {"every", "SECONDS", "go on, a round every so many seconds; one round when not given"},
    {"status", NULL, "tell what became of what was handed over"},
    {"new-key", NULL, "make the key, and print what the register has to say of it"},
    {"ca", "FILE", "the authorities that the server is known by"},
    {"pin", "KEY", "sha256//BASE64 of the server's public key"},
    {"private", "HOST:PORT", "the server has an address that is not public"},
    {"http", NULL, "without TLS: something else protects the way"},
    END,
};

static const FiscCliOption layout_options[] = {
    {"reason", "TEXT", "of add: why; stays in the books, so it names no natural person"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption reverse_options[] = {
    SOURCE_OPTION,
    {"date", "D", "the day of the reversal; today when not given"},
    {"reason", "TEXT", "why"},
    END,
};

static const FiscCliOption try_options[] = {
    {"against", "FILE", "take this as posted before: virements, releases, rules"},
    {"scale", "RULES", "other prices: \"economic=22:+5%,gfs_code=31*:-2.5%\""},
    {"atomic", NULL, "all entries or none"},
    {"source", "S", "where references are looked up; nowhere when not given"},
    {"format", "FORMAT", "table, csv or xlsx (only the keys), json"},
    END,
};

static const FiscCliOption verify_options[] = {
    {"since", "BATCH", "only from this batch on"},
    {"full", NULL, "decide everything again, too"},
    {"head", "FILE", "heads that were signed earlier: the chain has to reach them"},
    {"head-key", "FILE", "the public key that signed them"},
    {"witness-key", "FILE", "the public key of the witness that cosigned them"},
    END,
};

static const FiscCliOption export_options[] = {
    {"period", "P", "2024, 2024-Q3 or 2024-06"},
    {"unit", "U", "an entity or a group; all when not given"},
    {"style", "S", "hledger when not given, or ledger"},
    {"as-of", "DATE", "only entries effective by then"},
    {"known-at", "BATCH", "only what was posted by then"},
    END,
};

static const FiscCliOption audit_options[] = {
    {"period", "P", "of pack: 2024, 2024-Q3 or 2024-06"},
    {"entity", "E", "of pack: only this entity"},
    {"group", "G", "of pack: only the members of this group"},
    {"known-at", "BATCH", "of pack: as the books were then; now when not given"},
    {"key", "FILE", "of pack: the private key; keys/head.key beside the database when not given"},
    {"check", NULL, "the same as the verb check"},
    {"head-key", "FILE", "of check: the public key that must have signed; the one in DIR when not given"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption head_options[] = {
    {"from", "SIZE", "add the proof that the book of so many batches is its beginning"},
    {"key", "FILE", "the private key; keys/head.key beside the database when not given"},
    {"new-key", NULL, "make that key, and FILE.pub for others"},
    {"environment", "NAME", "of --new-key: what the head will call this database"},
    {"seal", "PUB", "only tell by which word a register of feeders trusts that key"},
    END,
};

static const FiscCliOption proof_options[] = {
    SOURCE_OPTION,
    {"transfer", "ID", "prove a grant from both sides, by the id that both write on their entries"},
    {"head", "FILE", "prove under this head, signed earlier, instead of a fresh one"},
    {"key", "FILE", "the private key that signs the fresh one"},
    {"check", "FILE", "check a proof; needs no database"},
    {"head-key", "FILE", "of --check: the public key that must have signed the head"},
    {"witness-key", "FILE", "of --check: the public key that must have cosigned it"},
    {"other-key", "FILE", "of --check of a grant: the key that must have signed the other fisc's head"},
    END,
};

static const FiscCliOption person_options[] = {
    {"name", "NAME", "of add: kept outside the chain, where it can be erased; of token: what it is called"},
    {"id", "NUMBER", "of add: the national identity; only its digest is kept"},
    {"role", "ROLE", "of grant, confirm, revoke, delegate"},
    {"entity", "E", "where the role is held; everywhere when not given; of token: the only one it is for"},
    {"from", "DATE", "the first day"},
    {"to", "DATE", "the last day"},
    {"reason", "TEXT", "why"},
    {"expires", "DATE", "of grant: the last day of an exception; of token: its last day"},
    {"principal", "PERSON", "of revoke: whose delegation to the person ends"},
    {"refuse", NULL, "of confirm: say no"},
    {"code", "DIGITS", "of totp: the first code, which makes the second factor count"},
    {"end", "ID", "of sessions: ends those that begin so; all: of the person"},
    {"for", "USES", "of token: read, post, approve, admin, joined by commas; read"},
    {"old-file", "FILE|-", "of password: the one to be replaced, when it is one's own"},
    {"password-file", "FILE|-", "of password: the new one, on one line"},
    {"issuer", "URL", "of provider: the identity provider, as in provider-issuer"},
    {"remove", NULL, "of totp, certificate, provider, passkeys: take it away"},
    {"revoke", NULL, "of token: take it back"},
    {"secret-key", "FILE", "of totp: the key that seals second factors; in the data folder"},
    {"subject", "DN|SUB", "of certificate: its subject, as RFC 4514 writes it; of provider: what it calls the person"},
    {"both", NULL, "of list: who holds both of two duties that must not meet on one chain"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption doc_options[] = {
    SOURCE_OPTION,
    {"action", "A", "of propose: budget, commitment, claim, payment, revenue, journal, rules ..."},
    {"id", "ID", "of propose: its name; made of the content when not given"},
    {"entity", "E", "of propose: whose approval it needs; told by the entries when not given"},
    {"needs", "N", "of propose: more approvals than the law asks for"},
    {"reason", "TEXT", "why; stays in the books, so it names no natural person"},
    {"state", "S", "of list: proposed, approved, rejected, withdrawn or done"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption hold_options[] = {
    {"payee", "P", "of place: an entity or a group that is paid"},
    {"line", "CODES", "of place: lines by their codes: \"programme=231 economic=22*\""},
    {"entity", "E", "of place: alone all of it; else only in its books"},
    {"id", "ID", "of place: its name; made of these words when not given"},
    {"reason", "TEXT", "why; stays in the books, so it names no natural person"},
    {"state", "S", "of list: placed or released"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption budget_options[] = {
    {"year", "Y", "of open: the budget year"},
    {"years", "N", "of open: how many years with the outer ones; 4 when not given"},
    {"decimals", "N", "of open: of its amounts; 2 when not given"},
    {"title", "T", "of open, branch and enact: what people call it"},
    {"law", "L", "of enact: its short name, as L-2018-6: every reference begins with it"},
    {"kind", "K", "of enact: original or supplement; told by what the version was branched from"},
    {"annex", "TEXT", "of enact: of lines that name none"},
    {"dry-run", NULL, "of enact and year-end: only tell what it would do"},
    {"month", "M", "of interim: up to and with this month, 1 to 12"},
    {"classes", "FILE", "of interim: shares other than a twelfth of last year"},
    {"step", "STEP", "of put: prepare, request, mark, amend, set ...; told by where the version is"},
    {"rules", "DIR", "of law: a folder with controls.csv, virement_rules.csv ...; or a day"},
    {"unit", "U", "of consolidated: entity or group"},
    {"by", "COLUMNS", "of consolidated: \"economic:1\" when not given; \"entity,gfs_code\"; of compare: sums; of law replay: \"control\""},
    {"pairs", NULL, "of consolidated: who promises whom what"},
    {"enacted", NULL, "of consolidated: beside what the books have"},
    {"base", "SHA256", "of put: the content that was edited; another one since then is refused; of merge: the version that both came from"},
    {"ours", NULL, "of merge: where both changed the same, INTO prevails"},
    {"theirs", NULL, "of merge: where both changed the same, FROM prevails"},
    {"index", "RULES", "of baseline: what grows by which assumption: \"economic=2:inflation\""},
    {"patch", NULL, "of put: the text has only some columns of some lines; the rest stays"},
    {"at", "N", "of get: as it stood behind its step N; see history"},
    {"sheet", "NAME", "of put, of a spreadsheet: which sheet; that of the part's kind, or the first"},
    {"entity", "E", "whose budget"},
    {"period", "P", "of release: 2024, 2024-Q1 or 2024-03"},
    {"amount", "N", "decimal; of release: negative takes back"},
    {"from", "LINE", "of virement and draw: \"programme=1 economic=22\""},
    {"from-entity", "E", "of draw: whose reserve"},
    {"to", "LINE", "of virement: the line that gets it"},
    {"date", "D", "of virement and rules: the day; today when not given"},
    {"control", "C", "of override: which control"},
    {"key", "KEY", "of override: as the refusal prints it"},
    {"expires", "D", "of override: its last day"},
    {"article", "TEXT", "of override: of the law"},
    {"percent", "P", "of block and unblock: of each line"},
    {"of", "WHAT", "of block: appropriated, or available"},
    {"where", "LINES", "of block and unblock: \"economic=2*\" are those that begin with 2"},
    {"cut", NULL, "of block: take the appropriation away instead"},
    {"document", "ID", "of year-end: its name; a second one is called ID-2"},
    {"in-period", "P", "of year-end: 12 or 13, that the old year is left in; 13 when not given"},
    {"reverse", NULL, "of year-end: take it back, as long as the old year is open"},
    {"reason", "TEXT", "why; stays in the books, so it names no natural person"},
    {"id", "ID", "of the document; made of these words when not given"},
#define X(name, column, meaning) {column, "CODE", meaning},
    FISC_DIMENSIONS(X)
#undef X
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption unit_options[] = {
    {"date", "D", "the first day of what changes, of leave the last; of list the day"},
    {"name", "NAME", "of change: its name"},
    {"sector", "S", "of change: SNA codes, S13111 or S13111+S1314"},
    {"cp-code", "CODE", "of change: the digits after 82 and 83 in GFSM 2014"},
    {"statements", "Y|N", "of change: whether it has statements"},
    {"group", "G", "of join and leave"},
    {"into", "UNITS", "of split, merge and close: who takes over"},
    {"rule", "RULE", "of split: who gets what: \"section=01*:EDU EDU:2 HEALTH:1\""},
    {"dry-run", NULL, "of split, merge and close: only tell what would be moved"},
    {"article", "TEXT", "of the law"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption backup_options[] = {
    {"check", NULL, "only look whether what is there is what was written"},
    {"key", "FILE", "private key that signs the head; DATA/keys/head.key"},
    {"since", "BATCH", "with --check and --db: look from this batch on"},
    {"full", NULL, "with --check and --db: decide everything again, too"},
    {"head", "FILE", "with --check and --db: hold the chain against these heads"},
    {"head-key", "PUB", "with --check and --db: the key that signed them"},
    {"witness-key", "PUB", "with --check and --db: the key of the witness"},
    END,
};

static const FiscCliOption restore_options[] = {
    {"to", "MOMENT", "a time like 2026-11-22T08:00:00Z, the number of a batch, or latest"},
    {"head-key", "PUB", "the public key that signed the head; the copy in DIR when not given"},
    END,
};

static const FiscCliOption serve_options[] = {
    {"config", "FILE", "settings, one `key = value` a line; /etc/fisc/fisc.conf when it is there"},
    {"print-config", NULL, "show every setting and where its value comes from, and end"},
    {"address-connections", "N", "connections of one address; a unix socket and trusted proxies aside; 128"},
    {"approvals", "WHAT", "factor or passkey: what an approval is confirmed with; factor"},
    {"base-url", "URL", "of the workplace for people, like https://fisc.example.org: passkeys are bound to it"},
    {"behind-seconds", "N", "a replica further behind is not ready; 0: however far"},
    {"bodies-megabytes", "N", "of all bodies that are being read or answered; 512"},
    {"body-ms", "N", "for a request's body, and on top what bytes-per-second gives it; 30000"},
    {"bytes-per-second", "N", "the slowest client that is waited for; 10240"},
    {"connections", "N", "connections open at once; 1024"},
    {"drain-seconds", "N", "how long open requests are waited for at the end; 20"},
    {"head-key", "FILE", "that signs heads and proofs; keys/head.key beside the database when it is there"},
    {"head-ms", "N", "from the first byte of a request to the end of its head; 10000"},
    {"idle-ms", "N", "a connection between two requests; 60000"},
    {"listen", "ADDR", "address and port; 127.0.0.1:8700"},
    {"log", "FORM", "of the line for each request, on stderr: logfmt, json, none"},
    {"metrics-open", NULL, "everybody may read /metrics, not only this machine"},
    {"metrics-token", "FILE", "with the token that reads /metrics from elsewhere"},
    {"openapi", NULL, "print the description of the API, docs/openapi.yaml, and end"},
    {"primary", "ADDR", "of a read-only server: where to write, told to who tries"},
    {"provider-acr", "WORDS", "values of acr that stand for two factors; asked for, too"},
    {"provider-addresses", "LIST", "private addresses that the provider may have"},
    {"provider-amr", "WORDS", "values of amr that stand for two factors"},
    {"provider-ca", "FILE", "authority that signed the provider's certificate; the system's"},
    {"provider-claim", "CLAIM", "claim whose value is the person's code; without it persons are linked"},
    {"provider-client", "ID", "what the provider calls fisc"},
    {"provider-issuer", "URL", "address of an OpenID Connect provider to sign in by; needs --base-url"},
    {"provider-name", "NAME", "what people call it"},
    {"provider-scope", "WORDS", "what is asked for; openid"},
    {"provider-seconds", "N", "how long one answer of the provider is waited for; 5"},
    {"provider-secret", "FILE", "with the client's secret; without it fisc is a public client"},
    {"pull-key", "FILE", "that signs what feeders are told of their runs"},
    {"pull-secrets", "DIR", "with the passwords and tokens that feeders name; of pulls begun here"},
    {"read-only", NULL, "nothing is written: the database is a streaming replica"},
    {"reply-ms", "N", "for a client who lets his answer wait, and on top what bytes-per-second gives him; 30000"},
    {"secret-key", "FILE", "with the key that seals the second factors"},
    {"slow-ms", "N", "a request that takes so long is logged as a warning; 1000"},
    {"tls-cert", "FILE", "certificate and chain in PEM; with --tls-key: HTTPS"},
    {"tls-client-ca", "FILE", "authority that signed the certificates of clients"},
    {"tls-key", "FILE", "private key of --tls-cert"},
    {"trusted-proxies", "LIST", "addresses and networks whose X-Forwarded-For and X-Forwarded-Proto count"},
    {"unix", "PATH", "a unix socket to listen on besides"},
    {"web", "DIR", "the files of the web workplace"},
    {"workers-post", "N", "requests that may wait for a batch at once; 64"},
    {"workers-provider", "N", "requests that may wait for the identity provider at once; 4"},
    {"workers-quick", "N", "short requests answered at once; 8"},
    {"workers-report", "N", "reports made at once; 2"},
    END,
};

static const FiscCliOption doctor_options[] = {
    {"config", "FILE", "settings of fisc serve; /etc/fisc/fisc.conf when it is there"},
    TABLE_OPTIONS,
    END,
};

static const FiscCliOption table_options[] = {
    TABLE_OPTIONS,
    END,
};

const FiscCliCommand fisc_cli_commands[] = {
    {"init", "", "create the database, or bring its schema up to date",
     NULL, 0, 0, NULL, false, fisc_command_init},
    {"load", "DIR", "a nation package, or published files with their profile",
     NULL, 1, 1, NULL, false, fisc_command_load},
    {"post", "FILE|- [--source S] [--atomic] [--dry-run]",
     "entries as journals.csv or NDJSON; one JSON result for each",
     post_options, 1, 1, NULL, false, fisc_command_post},
    {"try", "FILE|- [--against FILE] [--scale RULES] [--atomic]",
     "what would be, if: entries, virements, releases, prices against every control",
     try_options, 1, 1, NULL, false, fisc_command_try},
    {"reverse", "REFERENCE [--source S] [--date D] --reason TEXT", "the exact reversal of an entry",
     reverse_options, 1, 1, NULL, false, fisc_command_reverse},
    {"funds", "--entity E [--SEGMENT CODE ...] [--period P] [--format F]",
     "budget, released, reserved, committed, accrued, paid, available",
     funds_options, 0, 0, NULL, false, fisc_command_funds},
    {"report", "NAME --period P [--unit U] [OPTIONS] [--format F]",
     "statements and lists, from the books as they are or were",
     report_options, 0, 1, fisc_flow_report_names, false, fisc_command_report},
    {"publish", "VERB [NAME|ID|DIR] --id ID --status S --format F --period P [OPTIONS]",
     "give a report to the public: what was published stays what it was",
     publish_options, 1, 2, fisc_publish_verbs, false, fisc_command_publish},
    {"question", "VERB [NAME [REPORT]] [OPTIONS]",
     "reports under a name: saved once, asked again by everybody",
     question_options, 1, 3, fisc_question_verbs, false, fisc_command_question},
    {"drill", "KEY [--to LEVEL] [--files DIR] [--limit N] [--format F]",
     "what a figure of a report is made of, down to the rows it was read from",
     drill_options, 1, 1, NULL, false, fisc_command_drill},
    {"feeder", "VERB [FEEDER|FILE|RUN] [DIR]",
     "outside systems whose books are taken: the register, maps, what became of what they sent",
     feeder_options, 1, 3, fisc_feeder_verbs, false, fisc_command_feeder},
    {"pull", "[FEEDER...] [--workers N] [--replay] [--key FILE]",
     "takes the books of outside systems as they are, and brings ours to what they say",
     pull_options, 0, 1000, NULL, false, fisc_command_pull},
    {"agent", "DIR --server URL --feeder F --key FILE --token FILE [--every S]",
     "a small unit's side: what stands in a folder is signed, queued and handed over",
     agent_options, 0, 1, NULL, false, fisc_command_agent},
    {"layout", "VERB [NAME] [FILE|-] [--reason T]",
     "statements of one's own: check a layout, put it on record",
     layout_options, 1, 3, fisc_layout_verbs, false, fisc_command_layout},
    {"export", "journal --period P [--unit U] [--style S]",
     "entries as a plain text journal, as hledger and Ledger read it",
     export_options, 1, 1, NULL, false, fisc_command_export},
    {"trace", "REF [--format F]", "one reference, document, transfer or open item: who did what, and what is open",
     table_options, 1, 1, NULL, false, fisc_command_trace},
    {"verify", "[--since BATCH] [--full] [--head FILE --head-key PUB --witness-key PUB]",
     "are the books what was posted? Exit 8 names every row that is not",
     verify_options, 0, 0, NULL, false, fisc_command_verify},
    {"audit", "pack|check DIR [--period P] [--entity E | --group G] [--head-key PUB]",
     "what an auditor takes away: entries, chain, reports, records, to be checked offline",
     audit_options, 2, 2, fisc_audit_verbs, false, fisc_command_audit},
    {"head", "[--from SIZE] [--key FILE] | --new-key [--environment NAME]",
     "what the book is at this moment, signed, for the witness",
     head_options, 0, 0, NULL, false, fisc_command_head},
    {"proof", "REFERENCE [--source S] [--head FILE] | --transfer ID | --check FILE [--head-key PUB]",
     "that an entry is in the books, or both sides of a grant, for somebody outside",
     proof_options, 0, 1, NULL, false, fisc_command_proof},
    {"period", "list|open|close|seal [PERIOD]", "which periods take entries",
     table_options, 1, 2, NULL, false, fisc_command_period},
    {"person", "VERB [PERSON] [--role R] [--entity E] [OPTIONS]",
     "who is who, who may do what, and who gave it to whom",
     person_options, 1, 4, fisc_person_verbs, false, fisc_command_person},
    {"unit", "VERB [ENTITY ...] [--date D] [OPTIONS]",
     "units and groups that change: history, members, splits, mergers",
     unit_options, 1, 100, fisc_unit_verbs, false, fisc_command_unit},
    {"doc", "VERB [FILE|-|ID ...] [--action A] [--reason T] [--state S] [OPTIONS]",
     "what takes two persons: propose, approve, carry out",
     doc_options, 1, DOCUMENTS_MAX + 1, fisc_doc_verbs, false, fisc_command_doc},
    {"hold", "VERB [DOCUMENT|HOLD] [--payee P] [--entity E] [--line CODES] --reason T",
     "what an auditor holds: nothing of it is posted, approved or paid",
     hold_options, 1, 2, fisc_hold_verbs, false, fisc_command_hold},
    {"budget", "VERB [VERSION] [OPTIONS]",
     "a budget from its circular to its last carry-over; the rules that hold",
     budget_options, 1, 5, fisc_budget_verbs, false, fisc_command_budget},
    {"serve", "[--listen ADDR] [--config FILE] [OPTIONS]", "answer over HTTP: the API, live events, the web workplace",
     serve_options, 0, 0, NULL, false, fisc_command_serve},
    {"backup", "DIR [--check] | --check --db URI",
     "copy the embedded database, and archive its log from then on",
     backup_options, 0, 1, NULL, false, fisc_command_backup},
    {"restore", "DIR --to MOMENT --data NEW", "books from a backup, up to a time or a batch, verified",
     restore_options, 1, 1, NULL, false, fisc_command_restore},
    {"bench", "NAME [--seconds N] [--rounds N] [OPTIONS]",
     "measure this machine, in a temporary database",
     bench_options, 1, 1, fisc_bench_names, false, fisc_command_bench},
    {"stop", "", "stop the embedded database",
     NULL, 0, 0, NULL, false, fisc_command_stop},
    {"doctor", "[--config FILE] [--format F]", "what is here, what is missing, and what to do",
     doctor_options, 0, 0, NULL, false, fisc_command_doctor},
    {"sql", "[PSQL ARGUMENTS ...]", "psql on the books, read-only",
     NULL, 0, G_MAXINT, NULL, true, fisc_command_sql},
    {NULL, NULL, NULL, NULL, 0, 0, NULL, false, NULL},
};
/* clang-format on */
