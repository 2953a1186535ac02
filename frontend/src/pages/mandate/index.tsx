/** The mandate page. */
import type { PageProps } from "../../shell/path";

export default function Page(_: PageProps) {
  return <main />;
}
