"""
All words of the page in one table: a row a word, a column a language.

A language is added by adding a column. `WORDS` has the words of the interface by a short name;
`SENTENCES` has what is put together from results, by its English template. What is in neither is
shown in English and marked as such. The Arabic has not been reviewed by a native speaker, and the
page says so.
"""

from __future__ import annotations

LANGUAGES = ("en", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})

WORDS: dict[str, tuple[str, str]] = {
    # the head
    "internal": ("Internal, not redacted", "للاستعمال الداخلي، لم تُحجب منه بيانات"),
    "language": ("Language", "اللغة"),
    "unreviewed": (
        "The Arabic text has not been reviewed by a native speaker.",
        "لم يراجع هذا النصَّ العربي متحدثٌ أصلي باللغة.",
    ),
    "english_only": ("In English only.", "هذا الجزء متوفر بالإنجليزية فقط."),
    "figures_english": ("Figures have English labels.", "تسميات الأشكال بالإنجليزية."),
    "contents": ("Contents", "المحتويات"),
    "skip": ("Skip to the answer", "انتقل إلى الجواب"),
    "care_illustrative": ("illustrative bases", "مراكز افتراضية للتوضيح"),
    "care_modelled": ("modelled secondary roads", "طرق ثانوية مُنمذَجة"),
    "care_operations": ("not for operations", "ليس للاستعمال في العمليات"),
    "changed": (
        "These files are not as they were written; what is shown does not rest on them:",
        "هذه الملفات ليست كما كُتبت، ولا يستند إليها ما هو معروض:",
    ),
    "missing_files": (
        "These files are no longer in the folder:",
        "هذه الملفات لم تعد في المجلد:",
    ),
    # sections
    "answer": ("The answer", "الجواب"),
    "maps": ("Two maps in step", "خريطتان متزامنتان"),
    "one_map": ("The map, replayed", "الخريطة، بإعادة العرض"),
    "map": ("The map, and one day", "الخريطة، ويوم واحد"),
    "gains": ("Who gains, who loses", "من يستفيد ومن يخسر"),
    "groups": ("By area and kind", "بحسب المنطقة والنوع"),
    "staff": ("Staff", "العاملون"),
    "certainty": ("How sure", "مدى اليقين"),
    "method": ("How it was done", "كيف أُنجزت الدراسة"),
    "measured": ("What was recorded", "ما سُجِّل"),
    # the answer
    "primary": ("Primary measures", "المقاييس الأساسية"),
    "people_first": (
        "People who are not reached come before any time.",
        "من لم يوصل إليهم يأتون قبل أي زمن.",
    ),
    "in_brackets": ("95 % intervals in brackets.", "فترات الثقة 95 % بين قوسين."),
    "one_replication": (
        "One replication has no intervals: how far chance has moved these numbers is not known.",
        "لتكرار واحد لا توجد فترات ثقة: لا يُعرف كم غيّرت الصدفة هذه الأرقام.",
    ),
    "measure": ("measure", "المقياس"),
    "alternative": ("alternative", "البديل"),
    "alternatives": ("Alternatives, best first", "البدائل، الأفضل أولاً"),
    "difference": ("difference", "الفرق"),
    "verdict": ("verdict", "الحكم"),
    "more_rows": ("More rows", "صفوف أخرى"),
    "could_be_best": ("could be the best", "قد يكون الأفضل"),
    "targets": ("Targets", "الأهداف"),
    "target": ("target", "الهدف"),
    "wanted": ("wanted", "المطلوب"),
    "response_parts": ("Where the time goes", "أين يذهب الوقت"),
    # who gains, who loses
    "by_area": (
        "By area: response time, restricted mean [min], the worst first",
        "بحسب المنطقة: زمن الاستجابة، المتوسط المقيّد [دقيقة]، الأسوأ أولاً",
    ),
    "by_kind": (
        "By kind of callout: response time, restricted mean [min], the worst first",
        "بحسب نوع البلاغ: زمن الاستجابة، المتوسط المقيّد [دقيقة]، الأسوأ أولاً",
    ),
    "by_hour": ("By hour of the day received", "بحسب ساعة تلقي البلاغ"),
    "area": ("area", "المنطقة"),
    "kind": ("kind", "النوع"),
    "callouts_a_day": ("callouts a day", "بلاغات في اليوم"),
    "not_reached": ("not reached [%]", "لم يوصل إليها [%]"),
    "before_after": ("from ○ to ◆", "من ○ إلى ◆"),
    "few": ("few callouts", "بلاغات قليلة"),
    "exploratory": (
        "Exploratory: single areas and kinds are many comparisons; read them as hints, not as "
        "results.",
        "استكشافي: المناطق والأنواع المنفردة مقارنات كثيرة؛ تُقرأ كإشارات لا كنتائج.",
    ),
    "to_map": (
        "A name marks its place on the maps above.",
        "الضغط على اسم يبيّن مكانه على الخريطتين أعلاه.",
    ),
    "inequality": ("How unequal, in numbers", "مدى التفاوت بالأرقام"),
    "disruptions": ("Roads, checkpoints, hospitals", "الطرق والحواجز والمشافي"),
    # staff
    "staff_none": (
        "The results say nothing of the staff's hours.",
        "لا تذكر النتائج شيئاً عن ساعات العاملين.",
    ),
    "through_the_day": ("Through the day", "على مدار اليوم"),
    "utilisation": ("Utilisation", "نسبة الانشغال"),
    # how sure
    "intervals": ("Intervals and verdicts", "فترات الثقة والأحكام"),
    "looks": ("Looks taken", "مرات الاطلاع"),
    "first_look": (
        "This is the first look at this scenario in its folder.",
        "هذا أول اطلاع على نتائج هذا السيناريو في مجلده.",
    ),
    "assumed": ("What is assumed", "ما افتُرض"),
    "assumed_author": ("Said by the scenario", "ما يقوله السيناريو"),
    "assumed_defaults": (
        "Defaults, used because the file was silent",
        "قيم مبدئية استُعملت لأن الملف لم يذكر غيرها",
    ),
    "warnings": ("Warnings", "تحذيرات"),
    "sources": ("Sources", "المصادر"),
    # how it was done
    "subject": ("What it is about", "موضوع الدراسة"),
    "checklists": ("Reporting checklists", "قوائم التحقق من التوثيق"),
    "facts_on_screen": (
        "What is known of each item is in the file; open this list there to print it, too.",
        "ما يُعرف عن كل بند موجود في الملف؛ افتح هذه القائمة فيه لطباعته أيضاً.",
    ),
    "filled": ("filled in", "مكتمل"),
    "partly": ("partly", "جزئي"),
    "missing": ("missing", "ناقص"),
    "gap": ("gap", "ثغرة"),
    "asked": ("to be answered by the author", "على صاحب الدراسة أن يجيب"),
    "author": ("author", "صاحب الدراسة"),
    "reproduce": ("To reproduce", "لإعادة النتائج"),
    "reproduce_note": (
        "With the results folder and the same version, this runs it again and says IDENTICAL, or "
        "names the first difference:",
        "مع مجلد النتائج والإصدار نفسه، يعيد هذا الأمر التشغيل ويقول IDENTICAL، أو يسمي أول فرق:",
    ),
    "attribution": ("Attribution", "نسبة البيانات إلى أصحابها"),
    "hashes": ("Hashes (SHA-256)", "البصمات (SHA-256)"),
    "file": ("file", "الملف"),
    "hash": ("hash", "البصمة"),
    "content": ("all that determines the results", "كل ما يحدد النتائج"),
    "version": ("version", "الإصدار"),
    "figures_left_out": (
        "Left out here, for size; in the results folder:",
        "تُركت هنا لحجمها، وهي في مجلد النتائج:",
    ),
    # figures
    "figure_share-reached": ("Share reached against time", "نسبة من وُصل إليهم مع الزمن"),
    "figure_map": ("The map", "الخريطة"),
    "figure_map-difference": ("Who is reached sooner, who later", "من يوصل إليه أبكر ومن أبطأ"),
    "figure_day-profile": ("Through the day", "على مدار اليوم"),
    "figure_utilisation": ("Utilisation of teams", "نسبة انشغال الفرق"),
    "figure_staff": ("Workload of staff", "عبء العمل على العاملين"),
    "figure_disruptions": ("Disruptions", "التعطيلات"),
    "figure_timeline": ("One day of every team", "يوم واحد لكل فريق"),
    "figure_differences": ("Differences, with intervals", "الفروق مع فترات الثقة"),
    "figure_side-by-side": ("Alternatives side by side", "البدائل جنباً إلى جنب"),
    "figure_sweep": ("Along the varied values", "على امتداد القيم المتغيرة"),
    "figure_staffing-frontier": ("What more teams bring", "أثر زيادة الفرق"),
    "figure_date-profile": ("From date to date", "على مدى التواريخ"),
    "figure_areas": ("By area", "بحسب المنطقة"),
}

_MEASURES: dict[str, str] = {
    "not reached in {horizon}": "لم يوصل إليها خلال {horizon}",
    "not reached within {horizon}": "لم يوصل إليها خلال {horizon}",
    "restricted mean": "المتوسط المقيّد",
    "90th percentile": "المئين التسعون",
    "response time, restricted mean": "زمن الاستجابة، المتوسط المقيّد",
    "response time, 90th percentile": "زمن الاستجابة، المئين التسعون",
    "response time, median": "زمن الاستجابة، الوسيط",
    "response time, mean of those reached": "زمن الاستجابة، متوسط من وُصل إليهم",
    "response time, median of those reached": "زمن الاستجابة، وسيط من وُصل إليهم",
    "response time, 90th percentile of those reached": (
        "زمن الاستجابة، المئين التسعون لمن وُصل إليهم"
    ),
    "full attendance, restricted mean": "اكتمال الحضور، المتوسط المقيّد",
    "full attendance, 90th percentile": "اكتمال الحضور، المئين التسعون",
    "callouts": "البلاغات",
    "declared survival": "البقاء على قيد الحياة كما صُرِّح به",
    "queue time, mean of those dispatched": "زمن الانتظار، متوسط من أُرسل إليهم فريق",
    "queue time, 90th percentile": "زمن الانتظار، المئين التسعون",
    "callouts that queued": "بلاغات انتظرت",
    "worst under {baseline}": "الأسوأ مع {baseline}",
    "worst area": "أسوأ منطقة",
    "worst kind": "أسوأ نوع",
    "gap": "الفجوة",
    "equivalent (Kolm-Pollak)": "المكافئ (كولم-بولاك)",
    "Gini": "معامل جيني",
    "value": "القيمة",
    "difference": "الفرق",
    "alternative": "البديل",
    "class": "الفئة",
    "before": "قبل",
    "after": "بعد",
    "team": "الفريق",
    "hospital": "المشفى",
    "all callouts": "كل البلاغات",
    "Response time by area, restricted mean": "زمن الاستجابة بحسب المنطقة، المتوسط المقيّد",
    "Response time by kind, restricted mean": "زمن الاستجابة بحسب النوع، المتوسط المقيّد",
    "Share not reached by area": "نسبة من لم يوصل إليهم بحسب المنطقة",
    "Share not reached by kind": "نسبة من لم يوصل إليهم بحسب النوع",
    "Everybody is reached in every area.": "يوصل إلى الجميع في كل منطقة.",
    "Everybody is reached in every kind.": "يوصل إلى الجميع في كل نوع.",
    "All callouts are of one area: there is nothing to compare by area.": (
        "كل البلاغات من منطقة واحدة: لا شيء للمقارنة بحسب المنطقة."
    ),
    "All callouts are of one kind: there is nothing to compare by kind.": (
        "كل البلاغات من نوع واحد: لا شيء للمقارنة بحسب النوع."
    ),
    "Left without help: share not reached": "تُركوا دون عون: نسبة من لم يوصل إليهم",
    "Disruptions: counts and hours per run": "التعطيلات: أعداد وساعات في كل تشغيل",
    "Hospitals: share of transports, offload delay": (
        "المشافي: الحصة من عمليات النقل، وتأخر التسليم"
    ),
}

_STAFF: dict[str, str] = {
    "Staff, amounts a week: the most burdened crew in each respect": (
        "العاملون، مقادير أسبوعية: الطاقم الأكثر عبئاً في كل جانب"
    ),
    "Staff on call, amounts a week: the most burdened crew, or all": (
        "العاملون تحت الطلب، مقادير أسبوعية: الطاقم الأكثر عبئاً، أو الجميع"
    ),
    "Volunteers, amounts a week: the most burdened person, or all": (
        "المتطوعون، مقادير أسبوعية: الشخص الأكثر عبئاً، أو الجميع"
    ),
    "most hours on duty": "أكثر ساعات في الخدمة",
    "longest spell": "أطول نوبة",
    "shortest rest": "أقصر راحة",
    "most nights": "أكثر ليالٍ",
    "most overtime": "أكثر عمل إضافي",
    "most callouts at night": "أكثر بلاغات ليلاً",
    "most breaks missed": "أكثر استراحات فائتة",
    "most mandatory rest": "أكثر راحة إلزامية",
    "most hours on call": "أكثر ساعات تحت الطلب",
    "most hours turned out": "أكثر ساعات في المهام",
    "turned out short, all crews": "خرجت ناقصة العدد، كل الطواقم",
    "of these without a required capability": "منها دون قدرة مطلوبة",
    "no crew assembled, all crews": "لم يجتمع طاقم، كل الطواقم",
    "alerts, all": "تنبيهات، الكل",
    "most alerts, a person": "أكثر تنبيهات لشخص",
    "most nights disturbed, a person": "أكثر ليالٍ مقطوعة لشخص",
    "most hours out, a person": "أكثر ساعات خارجاً لشخص",
    "arrived too late, all": "وصلوا متأخرين، الكل",
    "lowest acceptance": "أدنى نسبة قبول",
    "slowest full crew": "أبطأ اكتمال طاقم",
    "  those with shifts": "  من لهم نوبات",
    "{number} of {whole}": "{number} من {whole}",
    "{name} {number}": "{name} {number}",
    "Crews always on duty (168 h a week, no rest declared; the scenario does not say who takes "
    "turns there): {each}.": (
        "طواقم في الخدمة دائماً (168 ساعة في الأسبوع، دون راحة محددة؛ لا يقول السيناريو من يتناوب "
        "هناك): {each}."
    ),
    "never off duty": "لا تنتهي خدمته",
    "none declared": "لم تُحدَّد",
}

_VERDICTS: dict[str, str] = {
    "better": "أفضل",
    "worse": "أسوأ",
    "mixed": "متباين",
    "no material difference": "لا فرق يُعتد به",
    "inconclusive": "غير حاسم",
    "identical": "متطابق",
    "no verdict": "لا حكم",
    "at a price": "بثمن",
    "too few to tell": "أقل من أن يُحكم عليها",
    "Nor is it if clearly more are left without help in a window of the run.": (
        "وليس كذلك إن تُرك عدد أكبر بوضوح دون عون في فترة من التشغيل."
    ),
    "baseline": "المرجع",
    "no baseline": "بلا مرجع",
    "met": "تحقق",
    "missed": "لم يتحقق",
    "none": "لا شيء",
    "never": "أبداً",
    "no interval": "بلا فترة ثقة",
    "this folder": "هذا المجلد",
    "could be the worst": "قد تكون الأسوأ",
    "no area stands out": "لا تبرز منطقة",
    "no kind stands out": "لا يبرز نوع",
    "few": "قليلة",
}

_UNITS: dict[str, str] = {
    "min": "دقيقة",
    "h": "ساعة",
    "%": "%",
    "points": "نقطة مئوية",
    "a day": "في اليوم",
    "a week": "في الأسبوع",
    "a run": "في كل تشغيل",
    "longer": "أطول",
    "shorter": "أقصر",
    "later": "أبعد",
    "sooner": "أقرب",
    "more": "أكثر",
    "fewer": "أقل",
    "higher": "أعلى",
    "lower": "أدنى",
    "call handling": "معالجة البلاغ",
    "permission": "انتظار الإذن",
    "queue": "انتظار فريق",
    "turnout": "التجهّز للانطلاق",
    "travel": "الطريق",
    "never reached": "لم يوصل إليها أبداً",
}

_BUILDING: dict[str, str] = {  # the pieces that sentences are put together from
    "{said}.": "{said}.",
    "{first}, {next}": "{first}، {next}",
    "{first} + {next}": "{first} + {next}",
    "{first} and {last}": "{first} و{last}",
    "{first} and {number} more": "{first} و{number} غيرها",
    "{size} %": "{size} %",
    "{size} min": "{size} دقيقة",
    "{size} h": "{size} ساعة",
    "under {size}": "أقل من {size}",
    "over {size}": "أكثر من {size}",
    "({range})": "({range})",
    "(no interval)": "(بلا فترة ثقة)",
    "{low} to {high}": "من {low} إلى {high}",
    "{size} {unit} {direction}": "{direction} بمقدار {size} {unit}",
    "{title}: {note}": "{title}: {note}",
    "{title} {said}": "{title} {said}",
    "{title} [{unit}]": "{title} [{unit}]",
    "{said} {limits}": "{said} {limits}",
    "{said} ({range})": "{said} ({range})",
    "{part} {size}": "{part} {size}",
    "{name} {share}": "{name} {share}",
    "{name} ({share})": "{name} ({share})",
    "90 % reached {said}": "بلوغ 90 % من البلاغات {said}",
    "{said} not reached within {duration}": "ما لم يوصل إليه خلال {duration} {said}",
    "{title} between {said} and {high} {more}": "{title} بين {said} و{more} بمقدار {high}",
    "priority {name}": "الأولوية {name}",
    "callouts of {name}": "بلاغات الساعات {name}",
    "callouts {when}": "البلاغات {when}",
    "during the closure of {name}": "أثناء إغلاق {name}",
    "while {name} is closed": "أثناء إغلاق المستشفى {name}",
    "outside the hours of {name}": "خارج أوقات المستشفى {name}",
    "during the curfew {name}": "أثناء حظر التجول {name}",
    "during the weather {name}": "أثناء الطقس {name}",
    "during the surge {name}": "أثناء الزيادة {name}",
    "in the season {name}": "في موسم {name}",
    "after the incident {name}": "بعد الحادث {name}",
    "in {name}": "في {name}",
    "In part, {name} is worse: {parts}.": "في جزء منها {name} أسوأ: {parts}.",
    "In part, {name} is better: {parts}.": "في جزء منها {name} أفضل: {parts}.",
    "In part worse, too: {names}.": "أسوأ في جزء منها أيضاً: {names}.",
    "In part better, too: {names}.": "أفضل في جزء منها أيضاً: {names}.",
    "{where}, {said}": "{where}، {said}",
    "{where}, {said}, of all callouts {whole}": "{where}، {said}، ومن جميع البلاغات {whole}",
    "{first}; {next}": "{first}؛ {next}",
    "{first}; and in {number} more places or windows": (
        "{first}؛ وفي {number} أخرى من الأماكن أو الفترات"
    ),
    "{state} by {name}": "{state} مع {name}",
    "{share}: {state}": "{share}: {state}",
    "inconclusive ({range})": "غير حاسم ({range})",
    "{name}: share": "{name}: الحصة",
    "{name} minus {base}": "{name} ناقص {base}",
    "{number} replication": "تكرار واحد ({number})",
    "{number} replications": "عدد التكرارات {number}",
    "{number} paired replication": "تكرار مقترن واحد ({number})",
    "{number} paired replications": "عدد التكرارات المقترنة {number}",
    "{number} fresh replication": "تكرار جديد واحد ({number})",
    "{number} fresh replications": "عدد التكرارات الجديدة {number}",
    "{replications} of {duration} · seed {seed} · {intervals}": (
        "{replications}، مدة كل منها {duration} · البذرة {seed} · {intervals}"
    ),
    "95 % intervals": "فترات ثقة 95 %",
    "no intervals": "بلا فترات ثقة",
}

_ANSWERS: dict[str, str] = {
    "Fewer than half of the callouts are reached.": "يوصل إلى أقل من نصف البلاغات.",
    "Half of the callouts are reached within {median} min{most}": (
        "يوصل إلى نصف البلاغات خلال {median} دقيقة{most}"
    ),
    "; 90 % are never reached": "؛ ولا يوصل إلى 90 % منها أبداً",
    " and 90 % within {size} min": " وإلى 90 % منها خلال {size} دقيقة",
    "all are reached": "ويوصل إليها كلها",
    "{share} are not reached": "ولا يوصل إلى {share} منها",
    "{said}; {none} within {duration}.": "{said}؛ {none} خلال {duration}.",
    "With {replications} there is no verdict on {name}; {enough} would be enough.": (
        "{replications}: لا حكم على {name}؛ يكفي {enough} تكراراً."
    ),
    "{name} is worse: {harm}.{gains}": "{name} أسوأ: {harm}.{gains}",
    "{name} is mixed. Better: {gains}. Worse: {losses}.": (
        "{name} متباين. الأفضل: {gains}. الأسوأ: {losses}."
    ),
    "{name} is better than {base}: {gains}, and as many are reached.": (
        "{name} أفضل من {base}: {gains}، ويوصل إلى العدد نفسه."
    ),
    "{name} is worse than {base}: {losses}{as_many}.": "{name} أسوأ من {base}: {losses}{as_many}.",
    "; as many are reached": "؛ ويوصل إلى العدد نفسه",
    "it abandons {classes}; {of_all}": "يُترك {classes} دون عون؛ {of_all}",
    "{name} (mean {mean}, before {before})": "{name} (المتوسط {mean}، وقبل ذلك {before})",
    "it leaves {classes} waiting; {of_all}": "يُترك {classes} في الانتظار؛ {of_all}",
    "{of_all}; most harmed: {name} ({share}, before {before})": (
        "{of_all}؛ الأكثر تضرراً: {name} ({share}، وقبل ذلك {before})"
    ),
    "{share} of callouts are not reached within {duration}": (
        "لا يوصل إلى {share} من البلاغات خلال {duration}"
    ),
    "{said} ({range} points more than {base})": "{said} (أكثر من {base} بنقاط مئوية {range})",
    " Its gains ({gains}) come at the expense of these callouts.": (
        " ومكاسبه ({gains}) على حساب هذه البلاغات."
    ),
    "{name} and {base} are identical: every primary measure, in every replication.": (
        "{name} و{base} متطابقان: كل مقياس أساسي في كل تكرار."
    ),
    "No material difference between {name} and {base}: at most {time} min and {share} points.": (
        "لا فرق يُعتد به بين {name} و{base}: على الأكثر {time} دقيقة و{share} نقطة مئوية."
    ),
    "; about {number} would be enough": "؛ يكفي نحو {number}",
    ": it is not shown that as many are reached": "، ولم يثبت أنه يوصل إلى العدد نفسه",
    "Inconclusive after {number} replications{gate}: under {name}, {between}{more}.": (
        "غير حاسم بعد {number} من التكرارات{gate}: مع {name}، {between}{more}."
    ),
    "With {number} replications there is no verdict; {enough} would be enough.": (
        "عدد التكرارات {number}: لا حكم؛ يكفي {enough} تكراراً."
    ),
    "Worse: {losses}.": "الأسوأ: {losses}.",
    "None stands out: {names} could each be the best.": (
        "لا يبرز أي منها: قد يكون كل من {names} الأفضل."
    ),
    "Could be the best: {names} (restricted mean response time).": (
        "قد يكون الأفضل: {names} (المتوسط المقيّد لزمن الاستجابة)."
    ),
    "{name} leaves {class} waiting for {time}": "{name} يترك {class} ينتظرون {time}",
    "{name} abandons {class} ({share} not reached)": (
        "{name} يترك {class} دون عون (لا يوصل إلى {share})"
    ),
    "{name} leaves {share} of callouts not reached": "{name} يترك {share} من البلاغات دون وصول",
    "{name} stays the best: the shortest restricted mean response time.": (
        "يبقى {name} الأفضل: أقصر متوسط مقيّد لزمن الاستجابة."
    ),
    ": {said} against {base}": ": {said} مقارنةً مع {base}",
    "{name} is the best{gain} ({verdict}).": "{name} هو الأفضل{gain} ({verdict}).",
    ". {why}": ". {why}",
    "Under {base}, {said}": "مع {base}، {said}",
    "{name} ({cohort})": "{name} ({cohort})",
    "in {places}": "في {places}",
    "from {moment}": "من {moment}",
    "until {moment}": "حتى {moment}",
    "{target}: {shares}, target {share}: {result}{why}.": (
        "{target}: {shares}، والهدف {share}: {result}{why}."
    ),
    "The largest part of response time is {part}: {size} of {whole} min.": (
        "أكبر جزء من زمن الاستجابة هو {part}: {size} من {whole} دقيقة."
    ),
    "Received to first team on scene, mean of those reached, {name} [min]: {whole} = {parts}": (
        "من تلقي البلاغ إلى وصول أول فريق، متوسط من وُصل إليهم، {name} [دقيقة]: {whole} = {parts}"
    ),
}

_REASONS: dict[str, str] = {
    "distance is the limit, not the number of teams": "المسافة هي القيد، لا عدد الفرق",
    "no team is near, or the near ones are committed": "لا فريق قريباً، أو القريبة مشغولة",
    "{share} of late callouts would be in time without the queue: too few teams are free "
    "(committed {busy} of the time)": (
        "{share} من البلاغات المتأخرة كانت ستُدرك في وقتها لولا انتظار فريق: الفرق المتاحة قليلة "
        "جداً (مشغولة {busy} من الوقت)"
    ),
    "{share} of late callouts are late by travel time alone: {travel} (committed {busy} of "
    "the time)": (
        "{share} من البلاغات المتأخرة تأخرت بسبب زمن الطريق وحده: {travel} (الفرق مشغولة {busy} من "
        "الوقت)"
    ),
    "{share} of late callouts would be in time without call handling: it is the limit": (
        "{share} من البلاغات المتأخرة كانت ستُدرك في وقتها لولا معالجة البلاغ: هي القيد"
    ),
    "{share} of late callouts would be in time without the wait for permission: it is the limit": (
        "{share} من البلاغات المتأخرة كانت ستُدرك في وقتها لولا انتظار الإذن: هو القيد"
    ),
    "{share} of late callouts would be in time without turnout: it is the limit": (
        "{share} من البلاغات المتأخرة كانت ستُدرك في وقتها لولا زمن التجهّز: هو القيد"
    ),
    "{share} of late callouts are never reached": "{share} من البلاغات المتأخرة لا يوصل إليها أبداً",
    "{name} knows what will come: a reference that no dispatcher could follow.": (
        "{name} يعلم ما سيأتي: مرجع لا يمكن لأي مناوب أن يتبعه."
    ),
    "{names} know what will come: references that no dispatcher could follow.": (
        "{names} تعلم ما سيأتي: مراجع لا يمكن لأي مناوب أن يتبعها."
    ),
    "On {fresh}, not used to choose: {said}.": "في {fresh} لم تُستعمل للاختيار: {said}.",
    "{best} is better than {baseline}": "{best} أفضل من {baseline}",
    "{best} is worse than {baseline}": "{best} أسوأ من {baseline}",
    "{best} is better than {baseline} in some primary measures and worse in others": (
        "{best} أفضل من {baseline} في بعض المقاييس الأساسية وأسوأ في غيرها"
    ),
    "no material difference between {best} and {baseline}": (
        "لا فرق يُعتد به بين {best} و{baseline}"
    ),
    "inconclusive whether {best} is better than {baseline}": (
        "غير حاسم هل {best} أفضل من {baseline}"
    ),
    "no verdict on {best} and {baseline}": "لا حكم على {best} و{baseline}",
    "{best} abandons {classes}: worse than {baseline}": (
        "{best} يترك {classes} دون عون: أسوأ من {baseline}"
    ),
}

_CERTAINTY: dict[str, str] = {
    "An alternative is better only if it is shown to leave no more callouts without help "
    "(at most {unreached} pp more, and clearly more in no kind, place, priority or time of day). "
    "Primary measures are judged together (Holm, 5 %), all else is exploratory (Benjamini and "
    "Hochberg, 5 %). No material difference: shown to be under {time} or {share} pp (TOST).": (
        "لا يكون بديل أفضل إلا إذا ثبت أنه لا يترك بلاغات أكثر دون عون (أكثر بما لا يزيد على "
        "{unreached} نقطة مئوية، وليس أكثر بوضوح في أي نوع أو مكان أو أولوية أو وقت من اليوم). "
        "يُحكم على المقاييس الأساسية معاً (هولم، 5 %)، وكل ما سواها استكشافي (بنياميني وهوكبرغ، "
        "5 %). لا فرق يُعتد به: ثبت أنه دون {time} أو {share} نقطة مئوية (TOST)."
    ),
    "Pairing of {name}: correlation {correlation}, variance reduction factor {factor}.": (
        "اقتران {name}: الارتباط {correlation}، وعامل خفض التباين {factor}."
    ),
    "{said} PAIRING FAILS.": "{said} الاقتران غير مفيد.",
    "Precision reached: {measure} of {name} within {half_width}, wanted {wanted}": (
        "تحققت الدقة: {measure} في {name} ضمن {half_width}، والمطلوب {wanted}"
    ),
    "Precision NOT REACHED: {measure} of {name} within {half_width}, wanted {wanted}": (
        "لم تتحقق الدقة: {measure} في {name} ضمن {half_width}، والمطلوب {wanted}"
    ),
    "This is look {number} at {scenario} in {folder}": (
        "هذا الاطلاع رقم {number} على {scenario} في {folder}"
    ),
    "{said}: {tried}": "{said}: {tried}",
    "Not reached within {duration}: at most {share} in any area or kind.": (
        "لم يوصل إليها خلال {duration}: على الأكثر {share} في أي منطقة أو نوع."
    ),
    "There is no replay: {reason}.": "لا توجد إعادة عرض: {reason}.",
    "Shown: the baseline and the {number} best others. Not shown: {names}.": (
        "المعروض: المرجع وأفضل {number} من البدائل الأخرى. غير معروض: {names}."
    ),
    "Results folder {folder}, finished {moment}, rescuesim {version}": (
        "مجلد النتائج {folder}، انتهى {moment}، rescuesim {version}"
    ),
    "{start} to {end}": "من {start} إلى {end}",
    "Measured over {duration}, from the callouts of a simulation. Response time runs from "
    "received to first unit on scene.": (
        "قياس على مدى {duration}، من بلاغات محاكاة. يُحسب زمن الاستجابة من تلقي البلاغ إلى وصول أول "
        "وحدة."
    ),
    "Measured over {duration}; nothing is simulated. Response time runs from received to first "
    "unit on scene.": (
        "قياس على مدى {duration}؛ لم يُحاكَ شيء. يُحسب زمن الاستجابة من تلقي البلاغ إلى وصول أول وحدة."
    ),
    "95 % intervals in brackets: each of {number} days a unit, as if independent": (
        "فترات الثقة 95 % بين قوسين: كل يوم من {number} يوماً وحدة، كأنها مستقلة"
    ),
    "{number} replications · 95 % intervals in brackets": (
        "عدد التكرارات {number} · فترات الثقة 95 % بين قوسين"
    ),
    "one record of less than two whole days: no intervals": (
        "سجل أقصر من يومين كاملين: بلا فترات ثقة"
    ),
    "Who was on duty is not in a record, so there is no utilisation.": (
        "لا يذكر السجل من كان في الخدمة، فلا نسبة انشغال."
    ),
    "Results folder {folder}, rescuesim {version}": "مجلد النتائج {folder}، rescuesim {version}",
    "By kind: response time": "بحسب النوع: زمن الاستجابة",
    "By area: response time": "بحسب المنطقة: زمن الاستجابة",
    "By hour: response time": "بحسب الساعة: زمن الاستجابة",
    "By place: response time": "بحسب المكان: زمن الاستجابة",
    "By place: response time; {number} more places in places.csv": (
        "بحسب المكان: زمن الاستجابة؛ {number} مكاناً آخر في places.csv"
    ),
    "By window of the run": "بحسب فترات التشغيل",
    "{name}: difference": "{name}: الفرق",
    "{name}: restricted mean, difference": "{name}: المتوسط المقيّد، الفرق",
    "callouts received in": "بلاغات وردت في",
    "the whole run": "كامل المدة",
    "few callouts": "بلاغات قليلة",
    "closure {name}": "إغلاق {name}",
    "hospital closure {name}": "إغلاق المستشفى {name}",
    "hospital out of hours {name}": "خارج أوقات المستشفى {name}",
    "curfew {name}": "حظر التجول {name}",
    "weather {name}": "الطقس {name}",
    "surge {name}": "زيادة {name}",
    "season {name}": "موسم {name}",
    "incident {name}": "حادث {name}",
    "kind": "النوع",
    "area": "المنطقة",
    "place": "المكان",
    "hour": "الساعة",
    "{start} to {end} ({zone})": "من {start} إلى {end} ({zone})",
    "{filled} of {total} items filled in": "اكتمل {filled} من {total} بنداً",
}

_DATES: dict[str, str] = {
    "Mon": "الاثنين",
    "Tue": "الثلاثاء",
    "Wed": "الأربعاء",
    "Thu": "الخميس",
    "Fri": "الجمعة",
    "Sat": "السبت",
    "Sun": "الأحد",
    "Jan": "كانون الثاني",
    "Feb": "شباط",
    "Mar": "آذار",
    "Apr": "نيسان",
    "May": "أيار",
    "Jun": "حزيران",
    "Jul": "تموز",
    "Aug": "آب",
    "Sep": "أيلول",
    "Oct": "تشرين الأول",
    "Nov": "تشرين الثاني",
    "Dec": "كانون الأول",
}

SENTENCES: dict[str, tuple[str, str]] = {
    english: (english, arabic)
    for table in (
        _MEASURES, _STAFF, _VERDICTS, _UNITS, _BUILDING, _ANSWERS, _REASONS, _CERTAINTY, _DATES,
    )
    for english, arabic in table.items()
}  # fmt: skip
