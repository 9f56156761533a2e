/** Puts the frames that a browser has encoded into a WebM file with a length and places to jump to. */

export interface EncodedFrame {
	/** Milliseconds from the beginning. */
	at: number;
	isKey: boolean;
	data: Uint8Array;
}

export interface Video {
	/** Matroska's name of the codec: `V_VP8`, `V_VP9`. */
	codec: string;
	width: number;
	height: number;
	/** Milliseconds. */
	duration: number;
	frames: readonly EncodedFrame[];
}

/** A length as EBML writes it: the place of the first set bit says how many bytes it has. */
function sizeBytes(size: number): Buffer {
	let length = 1;
	while (size >= 2 ** (7 * length) - 1) length++;
	const bytes = Buffer.alloc(length);
	let rest = size;
	for (let at = length - 1; at >= 0; at--) {
		bytes[at] = rest % 256;
		rest = Math.floor(rest / 256);
	}
	bytes[0] |= 1 << (8 - length);
	return bytes;
}

const idBytes = (id: number): Buffer => Buffer.from(id.toString(16), 'hex');

function element(id: number, ...content: Uint8Array[]): Buffer {
	const body = Buffer.concat(content);
	return Buffer.concat([idBytes(id), sizeBytes(body.length), body]);
}

/** Always eight bytes, so that a place in the file does not depend on how large it is. */
function unsigned(id: number, value: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(BigInt(value));
	return element(id, bytes);
}

const text = (id: number, value: string): Buffer => element(id, Buffer.from(value, 'utf8'));

function float(id: number, value: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeDoubleBE(value);
	return element(id, bytes);
}

/** The names are those of the Matroska specification. */
const ID = {
	EBML: 0x1a45dfa3,
	EBMLVersion: 0x4286,
	EBMLReadVersion: 0x42f7,
	EBMLMaxIDLength: 0x42f2,
	EBMLMaxSizeLength: 0x42f3,
	DocType: 0x4282,
	DocTypeVersion: 0x4287,
	DocTypeReadVersion: 0x4285,
	Segment: 0x18538067,
	Info: 0x1549a966,
	TimestampScale: 0x2ad7b1,
	Duration: 0x4489,
	MuxingApp: 0x4d80,
	WritingApp: 0x5741,
	Tracks: 0x1654ae6b,
	TrackEntry: 0xae,
	TrackNumber: 0xd7,
	TrackUID: 0x73c5,
	TrackType: 0x83,
	CodecID: 0x86,
	Video: 0xe0,
	PixelWidth: 0xb0,
	PixelHeight: 0xba,
	Cues: 0x1c53bb6b,
	CuePoint: 0xbb,
	CueTime: 0xb3,
	CueTrackPositions: 0xb7,
	CueTrack: 0xf7,
	CueClusterPosition: 0xf1,
	Cluster: 0x1f43b675,
	Timestamp: 0xe7,
	SimpleBlock: 0xa3,
};

const APPLICATION = 'n8n-nodes-server-events';

function header(): Buffer {
	return element(
		ID.EBML,
		unsigned(ID.EBMLVersion, 1),
		unsigned(ID.EBMLReadVersion, 1),
		unsigned(ID.EBMLMaxIDLength, 4),
		unsigned(ID.EBMLMaxSizeLength, 8),
		text(ID.DocType, 'webm'),
		unsigned(ID.DocTypeVersion, 4),
		unsigned(ID.DocTypeReadVersion, 2),
	);
}

/** A cluster begins with each key frame, where a player can begin too. */
function clustersOf(frames: readonly EncodedFrame[]): Array<{ at: number; bytes: Buffer }> {
	const groups: EncodedFrame[][] = [];
	for (const frame of frames) {
		const last = groups.at(-1);
		if (!last || frame.isKey) groups.push([frame]);
		else last.push(frame);
	}
	return groups.map((group) => {
		const [first] = group;
		const blocks = group.map(({ at, isKey, data }) => {
			const head = Buffer.alloc(4);
			head[0] = 0x81;
			// Two bytes with a sign: a key frame at least every 32 seconds.
			head.writeInt16BE(at - first.at, 1);
			head[3] = isKey ? 0x80 : 0;
			return element(ID.SimpleBlock, head, data);
		});
		return { at: first.at, bytes: element(ID.Cluster, unsigned(ID.Timestamp, first.at), ...blocks) };
	});
}

export function webmOf({ codec, width, height, duration, frames }: Video): Buffer {
	const info = element(
		ID.Info,
		unsigned(ID.TimestampScale, 1_000_000),
		float(ID.Duration, duration),
		text(ID.MuxingApp, APPLICATION),
		text(ID.WritingApp, APPLICATION),
	);
	const tracks = element(
		ID.Tracks,
		element(
			ID.TrackEntry,
			unsigned(ID.TrackNumber, 1),
			unsigned(ID.TrackUID, 1),
			unsigned(ID.TrackType, 1),
			text(ID.CodecID, codec),
			element(ID.Video, unsigned(ID.PixelWidth, width), unsigned(ID.PixelHeight, height)),
		),
	);
	const clusters = clustersOf(frames);
	const cuesWith = (before: number): Buffer => {
		let position = before;
		const points = clusters.map(({ at, bytes }) => {
			const point = element(
				ID.CuePoint,
				unsigned(ID.CueTime, at),
				element(ID.CueTrackPositions, unsigned(ID.CueTrack, 1), unsigned(ID.CueClusterPosition, position)),
			);
			position += bytes.length;
			return point;
		});
		return element(ID.Cues, ...points);
	};
	const before = info.length + tracks.length;
	const cues = cuesWith(before + cuesWith(0).length);
	const segment = element(ID.Segment, info, tracks, cues, ...clusters.map(({ bytes }) => bytes));
	return Buffer.concat([header(), segment]);
}
