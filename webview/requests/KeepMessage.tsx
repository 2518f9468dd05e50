/** Keeps a message in the file of the request that opened its connection. */
import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { ConnectionRequest } from '../../src/shared/protocol/saved-requests.ts'
import { usePage } from '../state/page.ts'
import { NameForm } from '../ui/NameForm.tsx'
import { usePopover } from '../ui/Popover.tsx'

/** Longest name of a message, in characters. */
const MAX_NAME = 100

interface KeepMessageProps {
  readonly request: ConnectionRequest
  /** Read when the user keeps it. Throws a `Failure` if what is written is no message. */
  readonly message: () => ComposedMessage
  readonly isFirst?: boolean
}

export function KeepMessage({
  request: { connection, name, file },
  message,
  isFirst = false,
}: KeepMessageProps) {
  const page = usePage()
  const { close } = usePopover()
  const [failure, setFailure] = useState<string>()
  const keep = async (named: string): Promise<boolean> => {
    try {
      const { kept } = await page.host.call('keepMessage', { connection, message: message(), name: named }, 0)
      if (kept) close()
      return kept
    } catch (thrown) {
      setFailure(sentenceOf(thrown))
      return false
    }
  }
  return (
    <>
      <NameForm
        label={l10n.t('Keep it in the request {0} ({1}) as', name, file)}
        action={l10n.t('Keep in Request')}
        maxLength={MAX_NAME}
        required
        isFirst={isFirst}
        onDone={keep}
      />
      <div role="alert" class="tone-error">
        {failure}
      </div>
    </>
  )
}
