/** A certificate authority of one certificate, made anew for each use, so that no key lies in the repository. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export type Certificate = { key: string; cert: string };

/** DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const { length } = content;
	const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const bits = (bytes: Buffer) => der(0x03, Buffer.from([0]), bytes);
const time = (date: Date) =>
	der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const DAY = 86_400_000;

/** Self-signed for `127.0.0.1` and `localhost`, valid from yesterday for a month, unless told otherwise. */
export function selfSignedCertificate({ expired = false } = {}): Certificate {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const from = Date.now() - (expired ? 60 * DAY : DAY);
	const serial = randomBytes(8);
	serial[0] = (serial[0] & 0x7f) | 0x40;
	// A name of its own: among trusted certificates of one name only the first would be looked at.
	const commonName = `n8n-nodes-server-events sandbox ${serial.toString('hex')}`;
	const name = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(commonName)))));
	const extension = (id: Buffer, value: Buffer) => sequence(id, der(0x04, value));
	const alternativeNames = sequence(
		der(0x82, Buffer.from('localhost')),
		der(0x87, Buffer.from([127, 0, 0, 1])),
	);
	const isAuthority = sequence(der(0x01, Buffer.from([0xff])));
	const body = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, serial),
		ECDSA_WITH_SHA256,
		name,
		sequence(time(new Date(from)), time(new Date(from + 30 * DAY))),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
		der(
			0xa3,
			sequence(
				extension(oid(0x55, 0x1d, 0x11), alternativeNames),
				extension(oid(0x55, 0x1d, 0x13), isAuthority),
			),
		),
	);
	const certificate = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, privateKey)));
	const base64 = certificate.toString('base64').replace(/.{64}/g, '$&\n');
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
		cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
	};
}
