/** Makes X.509 certificates (RFC 5280): of the local authority, and of hosts. Loads the libraries for it; load on demand. */
import 'reflect-metadata'
import { isIP } from 'node:net'
import { AsnConvert } from '@peculiar/asn1-schema'
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509'
import * as x509 from '@peculiar/x509'

/** A certificate and its key, as PEM texts. */
export interface CertifiedKey {
  readonly certificate: string
  readonly key: string
}

/** Browsers accept server certificates of at most 398 days; a stolen authority should end soon as well. */
const AUTHORITY_DAYS = 180
const HOST_DAYS = 30
const DAY = 86_400_000

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** RFC 5280 section 4.2.1.10. */
const NAME_CONSTRAINTS = '2.5.29.30'
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'

x509.cryptoProvider.set(crypto)

/**
 * Makes an authority that can certify the hosts only, and what is below them. A host is a domain, or an address of IPv4 or
 * IPv6. `owner` is part of its name, which certificate stores show.
 */
export async function makeAuthority(hosts: readonly string[], owner: string): Promise<CertifiedKey> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const notBefore = new Date()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`Realtime Inspector authority of ${owner}`] }, { O: ['Realtime Inspector'] }],
    notBefore,
    notAfter: new Date(notBefore.getTime() + AUTHORITY_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
      new x509.Extension(NAME_CONSTRAINTS, true, AsnConvert.serialize(constraintsOf(hosts))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) }
}

/** Certifies a host. */
export async function certifyHost(host: string, authority: CertifiedKey): Promise<CertifiedKey> {
  const issuer = new x509.X509Certificate(authority.certificate)
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(authority.key),
    ALGORITHM,
    false,
    ['sign'],
  )
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const now = Date.now()
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ O: ['Realtime Inspector'] }],
    issuer: issuer.subjectName,
    // Clocks of clients may be behind.
    notBefore: new Date(Math.max(now - DAY, issuer.notBefore.getTime())),
    notAfter: new Date(Math.min(now + HOST_DAYS * DAY, issuer.notAfter.getTime())),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
      // Critical, because the subject has no name (RFC 5280 section 4.2.1.6).
      new x509.SubjectAlternativeNameExtension(
        [{ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }],
        true,
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) }
}

/** The hosts that an authority can certify, and when it ends. Throws if it is not an authority that `makeAuthority` made. */
export function describeAuthority(certificate: string): { readonly hosts: string[]; readonly validTo: Date } {
  const parsed = new x509.X509Certificate(certificate)
  const extension = parsed.getExtension(NAME_CONSTRAINTS)
  if (extension === null) throw new TypeError('It has no name constraints.')
  const { permittedSubtrees } = AsnConvert.parse(extension.value, NameConstraints)
  const hosts = [...(permittedSubtrees ?? [])].flatMap(
    ({ base }) => base.dNSName ?? base.iPAddress?.split('/')[0] ?? [],
  )
  return { hosts, validTo: parsed.notAfter }
}

/** Names of a kind that no host has are not allowed: without a constraint for it, each name of the kind would be. */
function constraintsOf(hosts: readonly string[]): NameConstraints {
  const domains = hosts.filter((host) => isIP(host) === 0)
  const addresses = hosts.filter((host) => isIP(host) !== 0)
  const permitted = [
    ...domains.map((domain) => new GeneralName({ dNSName: domain })),
    ...addresses.map(
      (address) => new GeneralName({ iPAddress: `${address}/${isIP(address) === 4 ? 32 : 128}` }),
    ),
  ]
  const excluded = [
    ...(domains.length === 0 ? [new GeneralName({ dNSName: '' })] : []),
    ...(addresses.length === 0
      ? ['0.0.0.0/0', '::/0'].map((iPAddress) => new GeneralName({ iPAddress }))
      : []),
  ]
  return new NameConstraints({
    permittedSubtrees: subtrees(permitted),
    ...(excluded.length > 0 && { excludedSubtrees: subtrees(excluded) }),
  })
}

function subtrees(names: readonly GeneralName[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })))
}

async function pemOf(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}
