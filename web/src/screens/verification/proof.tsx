// proof.tsx: that an entry is in the books: shown, kept as a file, and how to check it without us.
import { useState } from "preact/hooks";
import { read } from "../../api/client";
import { Button } from "../../components/Button";
import { Failure } from "../../components/ErrorSummary";
import { integer, t } from "../../i18n";
import { HeadLines } from "./head";
import { readNote } from "./note";

interface ProofFile {
  form?: string;
  book?: number;
  items?: { batch?: number; path?: unknown[] }[];
  batches?: { batch?: number; path?: unknown[] }[];
  head?: string;
  [more: string]: unknown;
}

function steps(proof: ProofFile): number {
  return [...(proof.items ?? []), ...(proof.batches ?? [])].reduce((sum, each) => sum + (each.path?.length ?? 0), 0);
}

function save(proof: ProofFile, name: string): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(proof, null, 2)}\n`], { type: "application/json" }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(url);
}

/** How somebody outside checks a proof: two files and one command, no access to the books. */
export function OfflineCheck(props: { file: string }) {
  return (
    <details>
      <summary>{t("proof.offline")}</summary>
      <ol>
        <li>{t("proof.offline.file", { file: props.file })}</li>
        <li>{t("proof.offline.key")}</li>
        <li>
          {t("proof.offline.run")}
          <pre class="mono">fisc proof --check {props.file} --head-key head.key.pub</pre>
        </li>
      </ol>
      <p>{t("proof.offline.meaning")}</p>
    </details>
  );
}

function Shown(props: { proof: ProofFile; file: string; reference: string }) {
  const { proof, file } = props;
  const head = readNote(proof.head ?? "");
  const batch = proof.items?.[0]?.batch ?? proof.batches?.[0]?.batch;
  return (
    <>
      <p class="notice good">
        <span aria-hidden="true">✓ </span>
        {t("proof.there", { reference: props.reference, count: integer(steps(proof)) })}
      </p>
      {batch !== undefined && (
        <dl class="facts">
          <dt>{t("proof.batch")}</dt>
          <dd>{integer(batch)}</dd>
        </dl>
      )}
      {head && <HeadLines head={head} />}
      <div class="actions">
        <Button kind="primary" onPress={() => save(proof, file)}>
          {t("proof.save")}
        </Button>
      </div>
      <OfflineCheck file={file} />
      <details>
        <summary>{t("proof.whole")}</summary>
        <pre class="mono whole">{JSON.stringify(proof, null, 2)}</pre>
      </details>
    </>
  );
}

export function Proof(props: { reference: string; source: string | undefined }) {
  const [proof, setProof] = useState<ProofFile | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const file = `proof-${props.reference.replace(/[^\w.-]+/g, "_")}.json`;
  const ask = async () => {
    setFailure(null);
    try {
      setProof(await read("/v1/proofs/{reference}", { path: { reference: props.reference }, query: { source: props.source } }));
    } catch (given) {
      setFailure(given);
    }
  };
  return (
    <section aria-labelledby="proof-title">
      <h2 id="proof-title">{t("proof.title")}</h2>
      <p>{t("proof.about")}</p>
      {failure !== null && <Failure failure={failure} />}
      {proof ? <Shown proof={proof} file={file} reference={props.reference} /> : <Button onPress={ask}>{t("proof.make")}</Button>}
    </section>
  );
}
