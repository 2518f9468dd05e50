import { useEffect, useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'

/** Milliseconds for which the button shows that it has copied. */
const SHOWN = 1500

/** Copies a text and confirms it. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const page = usePage()
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
        page.copy(text)
        setCopied(copied + 1)
      }}
    />
  )
}
