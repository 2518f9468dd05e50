import * as l10n from '@vscode/l10n'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { eventNumber } from './words.ts'

/** Shows the request of an answer in the list of events. */
export function RequestLink({ request }: { request: number }) {
  const page = usePage()
  return (
    <LinkButton
      onClick={() => {
        page.reveal(request)
        page.show('events')
      }}
    >
      {l10n.t('Request {0}', eventNumber(request))}
    </LinkButton>
  )
}
