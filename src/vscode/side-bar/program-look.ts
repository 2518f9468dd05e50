/** What the side bar shows of a program that is attached to. Uses of `vscode` only its texts. */
import { l10n } from 'vscode'
import type { AttachedProgram } from '../attach/attached-programs.ts'
import { connectionCount } from '../ui/counts.ts'
import { joined, type RowLook } from './tree-row.ts'

/** Pages, workers and the like that a hover lists. */
const MAX_LISTED = 8

/** `connections` is how many were recorded. */
export function programLook(
  { name, isDebugged, attachments }: AttachedProgram,
  connections: number,
): RowLook {
  const description = joined(
    isDebugged ? l10n.t('being debugged') : (attachments[0]?.endpoint ?? ''),
    connections > 0 ? connectionCount(connections) : l10n.t('waiting for traffic'),
  )
  return {
    label: name,
    description,
    icon: 'debug-alt-small',
    context: 'server program',
    spoken: `${name}, ${description}`,
    // VS Code would not expand a row that could not be expanded when it was listed first.
    folding: 'expanded',
  }
}

/** The hover, as plain text: what is followed, and what cannot be seen of it. */
export function programTooltip({ attachments }: AttachedProgram): string {
  const targets = attachments.flatMap((attachment) => attachment.targets)
  const more = targets.length - MAX_LISTED
  const limits = new Set(attachments.flatMap((attachment) => attachment.limits))
  return [
    ...new Set(attachments.flatMap(({ program }) => program ?? [])),
    ...targets.slice(0, MAX_LISTED).map(({ type, title, url }) => `${type}: ${title || url}`),
    ...(more > 0 ? [l10n.t('and {0} more', more)] : []),
    ...limits,
  ].join('\n')
}
