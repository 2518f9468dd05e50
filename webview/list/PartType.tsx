import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'

interface PartTypeProps {
  readonly index: number
  readonly children: ComponentChildren
}

/** The type of a message with only a part of a packet. Its tooltip says where that ends, which is looked up on hover. */
export function PartType({ index, children }: PartTypeProps) {
  const page = usePage()
  const [end, setEnd] = useState<number>()
  const look = async () => {
    const bytes = await page.host.call('decodedBytes', { index }).catch(() => null)
    setEnd(bytes?.end?.index)
  }
  return (
    <span
      title={
        end === undefined
          ? l10n.t('Part of a packet')
          : l10n.t('Part of a packet that ends in #{0}', formatCount(end + 1))
      }
      onPointerEnter={() => void look()}
    >
      {children}
    </span>
  )
}
