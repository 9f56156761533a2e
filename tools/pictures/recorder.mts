/**
 * Records what a page shows, frame by frame as Chromium draws it, and lets Chromium encode the frames to a WebM video or
 * scale them for a GIF. No other program is needed.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';

import type { Frame } from './gif.mts';
import { webmOf, type EncodedFrame } from './webm.mts';

interface Shot {
	/** Milliseconds since the recording began. */
	at: number;
	/** JPEG. */
	data: Buffer;
}

export interface Recording {
	shots: readonly Shot[];
	duration: number;
}

export interface Recorder {
	/** Milliseconds since the beginning. */
	now: () => number;
	stop: () => Promise<Recording>;
}

/** Width and height, from the header that says how a JPEG is compressed. */
export function sizeOfJpeg(data: Buffer): { width: number; height: number } {
	// After the two bytes that begin a JPEG: parts, each with a marker and its length.
	for (let at = 2; at + 9 <= data.length; at += 2 + data.readUInt16BE(at + 2)) {
		const marker = data.readUInt16BE(at);
		// Baseline, extended or progressive.
		if (marker >= 0xffc0 && marker <= 0xffc2)
			return { width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5) };
	}
	throw new Error('not a JPEG');
}

export async function startRecorder(page: Page): Promise<Recorder> {
	const session: CDPSession = await page.context().newCDPSession(page);
	const shots: Shot[] = [];
	const began = performance.now();
	const now = (): number => Math.round(performance.now() - began);
	let size: { width: number; height: number } | undefined;
	session.on('Page.screencastFrame', ({ data, sessionId }) => {
		const shot = { at: now(), data: Buffer.from(data, 'base64') };
		const { width, height } = sizeOfJpeg(shot.data);
		size ??= { width, height };
		// While a part of the page is taken as a picture, Chromium draws that part alone.
		if (width === size.width && height === size.height) shots.push(shot);
		void session.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined);
	});
	await session.send('Page.startScreencast', { format: 'jpeg', quality: 92, everyNthFrame: 1 });
	return {
		now,
		stop: async () => {
			const duration = now();
			await session.send('Page.stopScreencast');
			await session.detach();
			if (shots.length === 0) throw new Error('Chromium gave no frame');
			return { shots, duration };
		},
	};
}

/** The part between two moments, with what the page showed at its beginning. */
export function partOf({ shots }: Recording, from: number, to: number): Recording {
	const first = shots.filter(({ at }) => at <= from).at(-1) ?? shots[0];
	const inside = shots.filter(({ at }) => at > from && at <= to);
	return {
		shots: [{ ...first, at: 0 }, ...inside.map(({ at, data }) => ({ at: at - from, data }))],
		duration: to - from,
	};
}

/** Standing still for longer than this tells a viewer nothing. */
export function withoutPauses({ shots, duration }: Recording, most: number): Recording {
	let cutOff = 0;
	const moved = shots.map(({ at, data }, index) => {
		const idle = at - (shots[index - 1]?.at ?? 0);
		cutOff += Math.max(0, idle - most);
		return { at: at - cutOff, data };
	});
	const last = shots.at(-1)?.at ?? 0;
	return { shots: moved, duration: last - cutOff + Math.min(duration - last, most) };
}

/** Played faster where it would take longer than `most` milliseconds. */
export function atMost({ shots, duration }: Recording, most: number): Recording {
	const speed = Math.max(1, duration / most);
	return {
		shots: shots.map(({ at, data }) => ({ at: Math.round(at / speed), data })),
		duration: Math.round(duration / speed),
	};
}

/** A page at a secure address, which the encoder asks for; nothing is fetched. */
async function workshop(browser: Browser): Promise<Page> {
	const context = await browser.newContext();
	await context.route(
		'https://recorder.invalid/',
		async (route) =>
			await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Recorder</title>' }),
	);
	const page = await context.newPage();
	await page.goto('https://recorder.invalid/');
	return page;
}

/** VP9, with a key frame every five seconds. */
export async function encodeVideo(
	browser: Browser,
	{ shots, duration }: Recording,
	{ width, height }: { width: number; height: number },
): Promise<Buffer> {
	const page = await workshop(browser);
	try {
		const frames: EncodedFrame[] = [];
		await page.exposeFunction('keepFrame', (at: number, isKey: boolean, data: string) => {
			frames.push({ at, isKey, data: Buffer.from(data, 'base64') });
		});
		await page.evaluate(
			({ width, height }) => {
				const scope = globalThis as unknown as Record<string, unknown>;
				const keep = scope.keepFrame as (at: number, isKey: boolean, data: string) => Promise<void>;
				const kept: Array<Promise<void>> = [];
				const encoder = new VideoEncoder({
					output: (chunk) => {
						const bytes = new Uint8Array(chunk.byteLength);
						chunk.copyTo(bytes);
						let binary = '';
						for (const byte of bytes) binary += String.fromCharCode(byte);
						kept.push(keep(Math.round(chunk.timestamp / 1_000), chunk.type === 'key', btoa(binary)));
					},
					error: (error) => {
						scope.encoderError = String(error);
					},
				});
				encoder.configure({
					codec: 'vp09.00.41.08',
					width,
					height,
					bitrate: 3_000_000,
					latencyMode: 'quality',
				});
				const canvas = new OffscreenCanvas(width, height);
				const paper = canvas.getContext('2d');
				let lastKey = -Infinity;
				scope.addShot = async (at: number, data: string) => {
					const picture = await createImageBitmap(
						await (await fetch(`data:image/jpeg;base64,${data}`)).blob(),
					);
					paper?.drawImage(picture, 0, 0, width, height);
					picture.close();
					const frame = new VideoFrame(canvas, { timestamp: at * 1_000 });
					const keyFrame = at - lastKey >= 5_000;
					if (keyFrame) lastKey = at;
					encoder.encode(frame, { keyFrame });
					frame.close();
					while (encoder.encodeQueueSize > 4) await new Promise((done) => setTimeout(done, 5));
				};
				scope.endVideo = async () => {
					await encoder.flush();
					await Promise.all(kept);
					return (scope.encoderError as string | undefined) ?? '';
				};
			},
			{ width, height },
		);
		// What stands still is shown again each second, so that a viewer can jump there; two frames never share a millisecond.
		let last = -1;
		const add = async (at: number, data: Buffer): Promise<void> => {
			const moment = Math.max(at, last + 1);
			last = moment;
			await page.evaluate(
				async ([when, what]) => {
					const scope = globalThis as unknown as { addShot: (at: number, data: string) => Promise<void> };
					await scope.addShot(when, what);
				},
				[moment, data.toString('base64')] as const,
			);
		};
		for (const [index, { at, data }] of shots.entries()) {
			await add(index === 0 ? 0 : at, data);
			const next = shots[index + 1]?.at ?? duration;
			for (let still = last + 1_000; still < next; still += 1_000) await add(still, data);
		}
		const fault = await page.evaluate(async () => {
			const scope = globalThis as unknown as { endVideo: () => Promise<string> };
			return await scope.endVideo();
		});
		if (fault) throw new Error(`Chromium could not encode the video: ${fault}`);
		return webmOf({ codec: 'V_VP9', width, height, duration: Math.max(duration, last + 1), frames });
	} finally {
		await page.context().close();
	}
}

/** Frames for a GIF: scaled, and at most one in `interval` milliseconds. */
export async function scaledFrames(
	browser: Browser,
	{ shots, duration }: Recording,
	{ width, height, interval }: { width: number; height: number; interval: number },
): Promise<Frame[]> {
	const page = await workshop(browser);
	try {
		const chosen = shots.filter(
			({ at }, index) =>
				Math.floor(at / interval) !== Math.floor((shots[index + 1]?.at ?? Infinity) / interval),
		);
		const frames: Frame[] = [];
		for (const [index, { at, data }] of chosen.entries()) {
			const pixels = await page.evaluate(
				async ([jpeg, w, h]) => {
					const picture = await createImageBitmap(
						await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob(),
						{
							resizeWidth: w,
							resizeHeight: h,
							resizeQuality: 'high',
						},
					);
					const paper = new OffscreenCanvas(w, h).getContext('2d');
					paper?.drawImage(picture, 0, 0);
					const bytes = paper?.getImageData(0, 0, w, h).data ?? [];
					let binary = '';
					for (let from = 0; from < bytes.length; from += 32_768)
						binary += String.fromCharCode(...bytes.slice(from, from + 32_768));
					return btoa(binary);
				},
				[data.toString('base64'), width, height] as const,
			);
			const until = chosen[index + 1]?.at ?? duration;
			frames.push({ pixels: Buffer.from(pixels, 'base64'), milliseconds: until - at });
		}
		return frames;
	} finally {
		await page.context().close();
	}
}

/** What a browser makes of the file: its length in seconds, and how many of its pictures, one each second, differ. */
export async function playedBack(
	browser: Browser,
	webm: Buffer,
): Promise<{ seconds: number; pictures: number }> {
	const page = await workshop(browser);
	try {
		await page
			.context()
			.route(
				'https://recorder.invalid/video',
				async (route) => await route.fulfill({ contentType: 'video/webm', body: webm }),
			);
		return await page.evaluate(async () => {
			const video = document.createElement('video');
			const fault = (): Error => new Error(video.error?.message ?? 'not a video');
			// From memory: a browser jumps in what it has whole.
			video.src = URL.createObjectURL(await (await fetch('/video')).blob());
			await new Promise((done, fail) => {
				video.onloadedmetadata = done;
				video.onerror = () => fail(fault());
			});
			const paper = new OffscreenCanvas(70, 50).getContext('2d', { willReadFrequently: true });
			const seen = new Set<string>();
			for (let second = 0; second < video.duration; second++) {
				await new Promise((done, fail) => {
					video.onseeked = done;
					video.onerror = () => fail(fault());
					video.currentTime = second + 0.001;
				});
				paper?.drawImage(video, 0, 0, 70, 50);
				seen.add(paper?.getImageData(0, 0, 70, 50).data.join() ?? '');
			}
			return { seconds: video.duration, pictures: seen.size };
		});
	} finally {
		await page.context().close();
	}
}
