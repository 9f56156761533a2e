/** A mouse pointer that can be seen: a browser without a screen draws none. */
import type { Page } from 'playwright-core';

/** Its id, by which pictures leave it out. */
export const POINTER = 'recorded-pointer';

/** From the next page on. */
export async function showCursor(page: Page): Promise<void> {
	await page.addInitScript((id) => {
		// n8n congratulates each browser once on its first drag.
		localStorage.setItem('N8N_MAPPING_ONBOARDED', 'true');
		const draw = (): void => {
			const pointer = document.createElement('div');
			pointer.id = id;
			pointer.innerHTML =
				'<svg width="24" height="24" viewBox="0 0 24 24"><path d="M4 2v17l4.5-4.3 3 7 3-1.3-3-6.8h6.5z" fill="#000" stroke="#fff" stroke-width="1.5"/></svg>';
			pointer.style.cssText =
				'position:fixed;left:0;top:0;z-index:2147483647;pointer-events:none;transform:translate(-50px,-50px)';
			document.documentElement.append(pointer);
			const follow = ({ clientX, clientY }: MouseEvent): void => {
				pointer.style.transform = `translate(${clientX - 4}px,${clientY - 2}px)`;
			};
			for (const name of ['mousemove', 'mousedown', 'dragover'] as const)
				window.addEventListener(name, follow, { capture: true, passive: true });
		};
		if (document.readyState === 'loading') window.addEventListener('DOMContentLoaded', draw);
		else draw();
	}, POINTER);
}

/** n8n's green and yellow notes at the corner tell a reader of README nothing, and cover the result. From the next page on. */
export async function hideToasts(page: Page): Promise<void> {
	await page.addInitScript(() => {
		window.addEventListener('DOMContentLoaded', () => {
			const style = document.createElement('style');
			style.textContent = '.el-notification { display: none !important }';
			document.head.append(style);
		});
	});
}
