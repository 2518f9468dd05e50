import * as l10n from '@vscode/l10n'
import { useMemo } from 'preact/hooks'
import type { MediaKind } from '../../src/shared/media.ts'
import { useImage } from '../media/use-image.ts'
import { useObjectUrl } from '../ui/hooks.ts'

/** A picture from bytes, as an `<img>`, which does not run scripts or load other resources. */
export function PayloadImage({ bytes, media }: { bytes: Uint8Array<ArrayBuffer>; media: MediaKind }) {
  const url = useMemo(() => URL.createObjectURL(new Blob([bytes], { type: media.type })), [bytes, media.type])
  useObjectUrl(url)
  const { size, isBroken, handlers } = useImage()
  return (
    <figure class="picture">
      {isBroken ? (
        <p class="hint">
          {l10n.t(
            'This {0} image cannot be shown. Save it to open it in another program.',
            media.extension.toUpperCase(),
          )}
        </p>
      ) : (
        <img src={url} alt={l10n.t('Payload as {0}', media.extension.toUpperCase())} {...handlers} />
      )}
      <figcaption class="dim">{[media.type, size].filter(Boolean).join(' · ')}</figcaption>
    </figure>
  )
}
