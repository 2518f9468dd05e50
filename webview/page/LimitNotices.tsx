import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

/** What cannot be seen of the programs that are attached to, until the user has read it. */
export function LimitNotices() {
  const { attachments = [] } = usePage().session.status.value ?? {}
  const [read, setRead] = useState<readonly string[]>([])
  const live = attachments.filter(({ ended }) => ended === undefined)
  const limits = [...new Set(live.flatMap((attachment) => attachment.limits))]
  const unread = limits.filter((limit) => !read.includes(limit))
  if (unread.length === 0) return null
  return (
    <p class="notice">
      <Icon name="info" />
      <span>{unread.join(' ')}</span>
      <IconButton icon="close" name={l10n.t('Dismiss')} onClick={() => setRead(limits)} />
    </p>
  )
}
