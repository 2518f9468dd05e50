import * as l10n from '@vscode/l10n'
import { Entries } from './Entries.tsx'
import { handshakeEntries, headerEntries } from './fields.ts'
import { useHandshake } from './handshake.ts'
import type { TabProps } from './tab.ts'

/** The request and response of the event: what was negotiated, and the headers of both. */
export function HeadersTab({ detail }: TabProps) {
  const handshake = useHandshake(detail)
  if (handshake === undefined) return null
  const { question, answer, isOwn } = handshake
  if (question === undefined && answer === undefined)
    return <p class="hint">{l10n.t('No headers are known for this event.')}</p>
  return (
    <>
      {!isOwn && (
        <p class="hint">{l10n.t('From the request and the response that this event belongs to.')}</p>
      )}
      <Entries entries={handshakeEntries({ ...question, ...answer })} />
      <Entries title={l10n.t('Headers received')} entries={headerEntries(answer ?? {})} />
      <Entries title={l10n.t('Your headers')} entries={headerEntries(question ?? {})} />
    </>
  )
}
