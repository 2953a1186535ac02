/** The text as it was at a moment, with its labels and the statuses of that time. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getTextAt } from "../../api/revisions";
import { ReadingBlock } from "../../reading/ReadingBlock";
import { Await } from "../../shell/Failure";

export function TextThen({ sectionId, seq }: { sectionId: string; seq: number }) {
  const { t } = useTranslation();
  const text = useQuery({
    queryKey: ["text", sectionId, seq],
    queryFn: () => getTextAt(sectionId, seq),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  return (
    <Await of={text}>
      {({ blocks }) => (
        <article className="history-text" aria-busy={text.isPlaceholderData}>
          {blocks.length === 0 ? <p className="soft">{t("history.empty_then")}</p> : null}
          {blocks.map((block, at) => (
            <ReadingBlock key={block.id ?? `at ${at}`} block={block} status={block.status} />
          ))}
        </article>
      )}
    </Await>
  );
}
