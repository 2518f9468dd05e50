import { useState } from 'preact/hooks'
import { formatCount } from '../format/count.ts'

/** The size of the picture in an `<img>`, and whether it is not a picture. `settled` is called each time that is known. */
export function useImage(settled: () => void = () => {}) {
  const [size, setSize] = useState('')
  const [isBroken, setBroken] = useState(false)
  const handlers = {
    onLoad: ({ currentTarget }: { readonly currentTarget: HTMLImageElement }) => {
      setSize(`${formatCount(currentTarget.naturalWidth)} × ${formatCount(currentTarget.naturalHeight)}`)
      setBroken(false)
      settled()
    },
    onError: () => {
      setBroken(true)
      settled()
    },
  }
  return { size, isBroken, handlers }
}
