/*
 * Files to where the server wants them (draft/FILEHOST), with progress.
 * What belongs here: one request. What must not: the field one drops them on.
 */

import type { Isupport } from "../irc/isupport";
import type { Credentials } from "../irc/sasl";

export const SERVICE = "FILEHOST";

/** The address that takes files, or null. The page sends them to the server that it came from and to no other, under
 *  whatever name that is reached. */
export function fileHost(tokens: Isupport, here: string): string | null {
  const value = tokens["draft/FILEHOST"] ?? tokens["soju.im/FILEHOST"];
  if (!value) return null;
  try {
    return new URL(new URL(value, here).pathname, here).href;
  } catch {
    return null;
  }
}

/** Send one file; the address under which it can be had. Rejects with the status, 0 when nothing was reached. */
export function upload(
  host: string,
  file: File,
  proof: string | Credentials | undefined,
  onProgress: (part: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", host);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader(
      "Content-Disposition",
      `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    );
    if (proof)
      request.setRequestHeader(
        "Authorization",
        typeof proof === "string" ? `Bearer ${proof}` : `Basic ${basic(proof)}`,
      );
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Error("0"));
    request.onload = () => {
      const location = request.getResponseHeader("Location");
      if (request.status === 201 && location) resolve(new URL(location, host).href);
      else reject(new Error(String(request.status)));
    };
    request.send(file);
  });
}

const basic = ({ account, password }: Credentials) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(`${account}:${password}`)));
