import { useEffect, useState } from 'preact/hooks'
import { IconButton } from '../Icon.tsx'
import { usePanel } from '../panel.ts'

/** Milliseconds for which it shows that it has copied. */
const SHOWN = 1500

/** Copies a text, and shows that it has. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const panel = usePanel()
  const [copied, setCopied] = useState(0)
  useEffect(() => {
    if (copied === 0) return
    const timer = setTimeout(() => setCopied(0), SHOWN)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      icon={copied > 0 ? 'check' : 'copy'}
      name={name}
      onClick={() => {
        panel.copy(text)
        setCopied(copied + 1)
      }}
    />
  )
}
