"""The few fixed words of a written report, in the six languages of the United Nations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words that the writers print around the text of the report."""

    contents: str
    annex: str
    members: str
    name: str
    stakeholder_group: str
    affiliation: str
    role: str
    personal_capacity: str
    footnotes: str
    back: str


ENGLISH = Phrases(
    contents="Contents",
    annex="Annex",
    members="Members of the working group",
    name="Name",
    stakeholder_group="Stakeholder group",
    affiliation="Country or organisation",
    role="Role",
    personal_capacity="An asterisk marks members who serve in their personal capacity.",
    footnotes="Footnotes",
    back="Back to the text",
)

_PHRASES = {
    "en": ENGLISH,
    "fr": Phrases(
        contents="Table des matières",
        annex="Annexe",
        members="Membres du groupe de travail",
        name="Nom",
        stakeholder_group="Groupe de parties prenantes",
        affiliation="Pays ou organisation",
        role="Fonction",
        personal_capacity="L’astérisque signale les membres siégeant à titre personnel.",
        footnotes="Notes",
        back="Retour au texte",
    ),
    "es": Phrases(
        contents="Índice",
        annex="Anexo",
        members="Miembros del grupo de trabajo",
        name="Nombre",
        stakeholder_group="Grupo de partes interesadas",
        affiliation="País u organización",
        role="Función",
        personal_capacity="El asterisco señala a los miembros que actúan a título personal.",
        footnotes="Notas",
        back="Volver al texto",
    ),
    "ru": Phrases(
        contents="Содержание",
        annex="Приложение",
        members="Члены рабочей группы",
        name="Имя",
        stakeholder_group="Группа заинтересованных сторон",
        affiliation="Страна или организация",
        role="Роль",
        personal_capacity="Звёздочкой отмечены члены, выступающие в личном качестве.",
        footnotes="Примечания",
        back="Назад к тексту",
    ),
    "ar": Phrases(
        contents="المحتويات",
        annex="مرفق",
        members="أعضاء الفريق العامل",
        name="الاسم",
        stakeholder_group="مجموعة أصحاب المصلحة",
        affiliation="البلد أو المنظمة",
        role="الدور",
        personal_capacity="تشير علامة النجمة إلى الأعضاء العاملين بصفتهم الشخصية.",
        footnotes="الحواشي",
        back="العودة إلى النص",
    ),
    "zh": Phrases(
        contents="目录",
        annex="附件",
        members="工作组成员",
        name="姓名",
        stakeholder_group="利益攸关方群体",
        affiliation="国家或组织",
        role="职务",
        personal_capacity="星号表示以个人身份任职的成员。",
        footnotes="脚注",
        back="返回正文",
    ),
}


def phrases_in(language: str) -> Phrases:
    """The phrases of a language given by its BCP 47 tag; English where there are none."""
    return _PHRASES.get(language.split("-")[0].lower(), ENGLISH)
