/** Makes X.509 certificates (RFC 5280): of the local authority, and of hosts. */
import {
  createHash,
  createPrivateKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import { promisify } from 'node:util'
import {
  bitString,
  contextTag,
  element,
  elementsIn,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  unsigned,
  utf8String,
  yes,
} from './der.ts'
import { alternativeName, constrainedHosts, nameConstraints } from './host-names.ts'

/** A certificate and its key, as PEM texts. */
export interface CertifiedKey {
  readonly certificate: string
  readonly key: string
}

/** Browsers accept server certificates of at most 398 days; a stolen authority should end soon as well. */
const AUTHORITY_DAYS = 180
const HOST_DAYS = 30
const DAY = 86_400_000

/** RFC 5758 section 3.2. */
const ECDSA_WITH_SHA256 = sequence([objectIdentifier('1.2.840.10045.4.3.2')])
/** X.520; of a name. */
const COMMON_NAME = '2.5.4.3'
const ORGANIZATION = '2.5.4.10'
/** Characters (RFC 5280 appendix A.1). */
const MAX_COMMON_NAME = 64
/** RFC 5280 section 4.2.1. */
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14'
const KEY_USAGE = '2.5.29.15'
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'
const BASIC_CONSTRAINTS = '2.5.29.19'
const NAME_CONSTRAINTS = '2.5.29.30'
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'
/** Values of KeyUsage, and how many bits at their ends are not used. */
const SIGNS_CERTIFICATES = bitString(Buffer.from([0b0000_0110]), 1)
const SIGNS_HANDSHAKES = bitString(Buffer.from([0b1000_0000]), 7)
/** The fields of a certificate that have tags of their own. */
const VERSION_3 = element(contextTag(0, 'constructed'), [unsigned(Buffer.from([2]))])
const EXTENSIONS = contextTag(3, 'constructed')
/** Of random bytes; RFC 5280 section 4.1.2.2 allows 20 octets. */
const SERIAL_BYTES = 16

/** What is certified, in DER where it is bytes. */
interface Content {
  readonly issuer: Buffer
  readonly subject: Buffer
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: KeyObject
  readonly extensions: readonly Buffer[]
}

/**
 * Makes an authority that can certify the hosts only, and what is below them. A host is a domain, or an address of IPv4 or
 * IPv6. `owner` is part of its name, which certificate stores show.
 */
export async function makeAuthority(hosts: readonly string[], owner: string): Promise<CertifiedKey> {
  const { publicKey, privateKey } = await makeKeys()
  const commonName = Array.from(`Realtime Inspector authority of ${owner}`).slice(0, MAX_COMMON_NAME).join('')
  const name = nameOf([COMMON_NAME, commonName], OUR_ORGANIZATION)
  const notBefore = new Date()
  const content = {
    ...{ issuer: name, subject: name, publicKey, notBefore },
    notAfter: new Date(notBefore.getTime() + AUTHORITY_DAYS * DAY),
    extensions: [
      // An authority that has none below it.
      extension(BASIC_CONSTRAINTS, 'critical', sequence([yes(), unsigned(Buffer.from([0]))])),
      extension(KEY_USAGE, 'critical', SIGNS_CERTIFICATES),
      extension(EXTENDED_KEY_USAGE, 'optional', sequence([objectIdentifier(SERVER_AUTHENTICATION)])),
      extension(NAME_CONSTRAINTS, 'critical', nameConstraints(hosts)),
      extension(SUBJECT_KEY_IDENTIFIER, 'optional', octetString(keyIdentifier(publicKey))),
    ],
  }
  return { certificate: signed(content, privateKey), key: pemOf(privateKey) }
}

/** Certifies a host. */
export async function certifyHost(host: string, authority: CertifiedKey): Promise<CertifiedKey> {
  const issuer = new X509Certificate(authority.certificate)
  const { publicKey, privateKey } = await makeKeys()
  const now = Date.now()
  const content = {
    issuer: fieldsOf(issuer).subject.bytes,
    subject: nameOf(OUR_ORGANIZATION),
    publicKey,
    // Clocks of clients may be behind.
    notBefore: new Date(Math.max(now - DAY, Date.parse(issuer.validFrom))),
    notAfter: new Date(Math.min(now + HOST_DAYS * DAY, Date.parse(issuer.validTo))),
    extensions: [
      extension(BASIC_CONSTRAINTS, 'critical', sequence([])),
      extension(KEY_USAGE, 'critical', SIGNS_HANDSHAKES),
      extension(EXTENDED_KEY_USAGE, 'optional', sequence([objectIdentifier(SERVER_AUTHENTICATION)])),
      // Critical, because the subject does not name the host (RFC 5280 section 4.2.1.6).
      extension(SUBJECT_ALTERNATIVE_NAME, 'critical', sequence([alternativeName(host)])),
      extension(
        AUTHORITY_KEY_IDENTIFIER,
        'optional',
        sequence([element(contextTag(0, 'primitive'), [keyIdentifier(issuer.publicKey)])]),
      ),
    ],
  }
  return { certificate: signed(content, createPrivateKey(authority.key)), key: pemOf(privateKey) }
}

/** The hosts that an authority can certify, and when it ends. Throws if it is not an authority that `makeAuthority` made. */
export function describeAuthority(certificate: string): { readonly hosts: string[]; readonly validTo: Date } {
  const parsed = new X509Certificate(certificate)
  const wanted = objectIdentifier(NAME_CONSTRAINTS)
  const value = fieldsOf(parsed)
    .extensions.map(({ contents }) => elementsIn(contents))
    .find(([id]) => id?.bytes.equals(wanted))
    ?.at(-1)
  if (value === undefined) throw new TypeError('It has no name constraints.')
  return { hosts: constrainedHosts(value.contents), validTo: new Date(parsed.validTo) }
}

async function makeKeys(): Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }> {
  return await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

/** RFC 5280 section 4.2.1.2, method 1: a hash of the bits of the key, which follow the count of those that are not used. */
function keyIdentifier(key: KeyObject): Buffer {
  const [spki] = elementsIn(spkiOf(key))
  const bits = spki && elementsIn(spki.contents)[1]
  return createHash('sha1')
    .update(bits?.contents.subarray(1) ?? '')
    .digest()
}

/** A certificate as PEM (RFC 5280 section 4.1). */
function signed(content: Content, key: KeyObject): string {
  const serial = randomBytes(SERIAL_BYTES)
  const toBeSigned = sequence([
    VERSION_3,
    unsigned(serial),
    ECDSA_WITH_SHA256,
    content.issuer,
    sequence([time(content.notBefore), time(content.notAfter)]),
    content.subject,
    spkiOf(content.publicKey),
    element(EXTENSIONS, [sequence(content.extensions)]),
  ])
  const signature = bitString(sign('sha256', toBeSigned, key))
  return new X509Certificate(sequence([toBeSigned, ECDSA_WITH_SHA256, signature])).toString()
}

type Attribute = readonly [type: string, value: string]

const OUR_ORGANIZATION: Attribute = [ORGANIZATION, 'Realtime Inspector']

/** A name of these attributes, in this order. */
function nameOf(...attributes: readonly Attribute[]): Buffer {
  return sequence(
    attributes.map(([type, value]) => set([sequence([objectIdentifier(type), utf8String(value)])])),
  )
}

/** A client that does not know a critical extension must not accept the certificate. */
function extension(id: string, importance: 'critical' | 'optional', value: Buffer): Buffer {
  const critical = importance === 'critical' ? [yes()] : []
  return sequence([objectIdentifier(id), ...critical, octetString(value)])
}

/** The subject and the extensions of a certificate of version 3. */
function fieldsOf({ raw }: X509Certificate) {
  const [certificate] = elementsIn(raw)
  const [toBeSigned] = elementsIn(certificate?.contents ?? raw)
  const fields = elementsIn(toBeSigned?.contents ?? raw)
  const subject = fields[5]
  const tagged = fields.find(({ tag }) => tag === EXTENSIONS)
  const [list] = elementsIn(tagged?.contents ?? Buffer.alloc(0))
  if (subject === undefined || list === undefined) throw new TypeError('It has no extensions.')
  return { subject, extensions: elementsIn(list.contents) }
}
