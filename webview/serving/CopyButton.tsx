import { IconButton } from '../ui/buttons.tsx'
import { useCopied } from '../ui/hooks.ts'

/** Copies a text and confirms it. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const [isCopied, copy] = useCopied()
  return <IconButton icon={isCopied ? 'check' : 'copy'} name={name} onClick={() => copy(text)} />
}
