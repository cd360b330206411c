/*
 * Icons, drawn with strokes in the colour of the text. What belongs here: shapes.
 */

import type { ComponentChildren, JSX } from "preact";

function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const icon =
  (paths: ComponentChildren) =>
  ({ size }: { size?: number }) => <Icon {...(size === undefined ? {} : { size })}>{paths}</Icon>;

export const Send = icon(
  <>
    <path d="M12 19V5" />
    <path d="m5 12 7-7 7 7" />
  </>,
);
export const Stop = icon(
  <rect x="6.5" y="6.5" width="11" height="11" rx="2.5" fill="currentColor" stroke="none" />,
);
export const Copy = icon(
  <>
    <rect x="9" y="9" width="11" height="11" rx="2.5" />
    <path d="M5 15V6.5A2.5 2.5 0 0 1 7.5 4H15" />
  </>,
);
export const Check = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const Reply = icon(
  <>
    <path d="M9 8 4.5 12.5 9 17" />
    <path d="M4.5 12.5H14a6 6 0 0 1 6 6v.5" />
  </>,
);
export const Smile = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M8.5 14.2a4.2 4.2 0 0 0 7 0" />
    <path d="M9.2 9.6v.1M14.8 9.6v.1" stroke-width="2.4" />
  </>,
);
export const Trash = icon(
  <>
    <path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.4L17 7" />
  </>,
);
export const Retry = icon(
  <>
    <path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4" />
    <path d="M19.5 4.5v4h-4" />
  </>,
);
export const Clip = icon(
  <path d="m19.5 11.5-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.1-2.2l7-7" />,
);
export const Close = icon(<path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />);
export const Menu = icon(<path d="M4 7h16M4 12h16M4 17h16" />);
export const People = icon(
  <>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M3 19.5a6 6 0 0 1 12 0" />
    <path d="M16 5.4a3.5 3.5 0 0 1 0 6.2M17.5 14.3a6 6 0 0 1 3.5 5.2" />
  </>,
);
export const Search = icon(
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m20 20-4.2-4.2" />
  </>,
);
export const Plus = icon(<path d="M12 5v14M5 12h14" />);
export const Gear = icon(
  <>
    <circle cx="12" cy="12" r="3" />
    <path d="M12 3.5v2.2M12 18.3v2.2M20.5 12h-2.2M5.7 12H3.5M18 6l-1.6 1.6M7.6 16.4 6 18M18 18l-1.6-1.6M7.6 7.6 6 6" />
  </>,
);
export const Calendar = icon(
  <>
    <rect x="4" y="5.5" width="16" height="14.5" rx="2.5" />
    <path d="M4 10h16M8.5 3.5v4M15.5 3.5v4" />
  </>,
);
export const Bell = icon(
  <>
    <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z" />
    <path d="M10 20.5h4" />
  </>,
);
export const BellOff = icon(
  <>
    <path d="M8 7a6 6 0 0 1 10 4v5M6 10.5v6L4.5 18H17" />
    <path d="M10 20.5h4M4 4l16 16" />
  </>,
);
export const Door = icon(
  <>
    <path d="M14 4.5H7A1.5 1.5 0 0 0 5.5 6v12A1.5 1.5 0 0 0 7 19.5h7" />
    <path d="M10.5 12H20m-3.5-3.5L20 12l-3.5 3.5" />
  </>,
);
export const Down = icon(
  <>
    <path d="M12 5v14" />
    <path d="m5.5 12.5 6.5 6.5 6.5-6.5" />
  </>,
);
export const More = icon(<path d="M5.5 12v.1M12 12v.1M18.5 12v.1" stroke-width="2.8" />);
export const Spark = icon(
  <path
    d="M12 3.5c.6 4.9 3.1 7.4 8 8.5-4.9 1.1-7.4 3.6-8 8.5-.6-4.9-3.1-7.4-8-8.5 4.9-1.1 7.4-3.6 8-8.500z"
    fill="currentColor"
    stroke="none"
  />,
);
export const Hash = icon(<path d="M9.5 4.5 7.5 19.500M16.5 4.500l-2 15M4.5 9.500h15.500M4 14.500h15.5" />);
export const Mail = icon(
  <>
    <rect x="3.5" y="5.5" width="17" height="13" rx="2.5" />
    <path d="m4 7.5 8 6 8-6" />
  </>,
);
export const Server = icon(
  <>
    <rect x="4" y="4.5" width="16" height="6.5" rx="2" />
    <rect x="4" y="13" width="16" height="6.5" rx="2" />
    <path d="M8 7.800v.1M8 16.300v.1" stroke-width="2.4" />
  </>,
);
export const Shield = icon(<path d="M12 3.8 5 6.500v5c0 4.3 2.8 7.3 7 8.8 4.2-1.5 7-4.5 7-8.800v-5z" />);
export const Warn = icon(
  <>
    <path d="M12 4.5 3.5 19h17z" />
    <path d="M12 10v4M12 16.600v.1" />
  </>,
);
export const Wrench = icon(
  <path d="M14.5 6.500a4 4 0 0 1 5-1.500l-2.800 2.800.6 2.200 2.200.6L22 8a4 4 0 0 1-5.800 4.600L9 19.800a2.100 2.100 0 0 1-3-3l7.200-7.200a4 4 0 0 1 1.300-3.100z" />,
);
export const Folder = icon(
  <path d="M3.500 7A1.500 1.500 0 0 1 5 5.500h4l2 2.500h8A1.500 1.500 0 0 1 20.500 9.500v8A1.500 1.500 0 0 1 19 19H5a1.500 1.500 0 0 1-1.500-1.500z" />,
);
