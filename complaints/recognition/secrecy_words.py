"""The words by which a letter orders silence, in six languages, sorted by what they do in a sentence.

``MARKS`` says what each sort is. A sort that stands earlier wins where two begin at the same place.
"""

from collections.abc import Mapping

MARKS = (
    "idle",  # holds a word of another sort and means nothing here: "without delay", "not only"
    "except",  # the one who may be told: "other than your client"
    "identity",  # whose name is not to be told is another matter
    "report",  # what follows is what somebody else said or did
    "wish",  # would rather
    "never",  # under no circumstances
    "nothing",  # no information, neither
    "nobody",
    "ban",  # forbids the reader, or anybody, the verb that follows
    "forbidden",  # says of what stands beside it that it is prohibited
    "not_to",  # forbids it after a duty: "we ask you not to"
    "may_not_be",  # forbids that something be done
    "may_not",  # forbids a third person
    "tipping",  # the offence
    "gag",  # an order or notice of secrecy
    "duty",  # tells the reader to do something
    "must",  # German: tells the reader to do something, and "not" behind it only spares him
    "you_may",  # German, Dutch: what "not" behind it forbids the reader
    "may",  # what "not" or "nobody" beside it forbids
    "barred",  # German, Dutch: forbids what stands beside it
    "existence",  # that there is such a letter
    "matter",  # this request, the investigation
    "letter",  # this letter, this case, of this
    "party",  # the customer as only a customer is called: the controller, your client
    "tell_now",  # German, Dutch: tells the reader to tell; "not" behind it forbids
    "pass_now",
    "told",  # German, Dutch: "be told"
    "passed",
    "tell",  # takes the one who is told as its object
    "pass",  # takes what is told as its object
    "learn",  # what one does who is told
    "notice",  # the telling, as a noun
    "aware",  # knowledge, as in "without the knowledge of"
    "bystander",  # somebody else who may not be told
    "somebody",  # the customer, or a customer's customer
    "anyone",
    "secrecy",  # the noun: breaches of confidentiality are what many complaints are about
    "secret",
    "keep",
    "towards",
    "them",
    "without",
    "behind",  # without the knowledge of
    "avoid",  # sees to it that something does not come about
    "free",  # nothing hinders you to tell
    "whether",  # asks, explains or sets a condition
    "past",  # tells of what was done
    "is",
    "not",
    "nicht",  # German, Dutch: stands before the verb and behind its objects, so whoever it has in front may be one
    "and",  # what begins another verb's own
    "we",  # the writer
)

_ENGLISH = {
    "idle": r"without (?:any |undue |further |unreasonable )*(?:delay|prejudice|hesitation|charge|cost)|not (?:only|yet|least|later|merely|for us)|no later|(?:attempt|seek|try) to|(?:you (?:must|should|may|need) not|you cannot|do not|don['’]t|never) (?:only|merely|just|simply|forget|fail|hesitate|delay|omit|neglect|wait|assume)|(?:will|would|could|need|do|does|did|might) not be|(?:may|might|will) not (?:yet |even |already )?(?:be aware|know|have)|(?:internal |own )?confidentiality (?:polic\w+|agreement\w*)|breach(?:es|ed)? of (?:\w+ )?(?:confidence|confidentiality|secrecy)",
    "except": r"other than|except(?: for| to| with)?|but(?= (?:to |with )?(?:your|the) )|beyond|apart from|only (?:with|to)",
    "identity": r"who (?:has |had )?(?:complained|made (?:the|this) complaint|the complainant)|identit(?:y|ies)|names? of|(?:complainant|data subject)['’]s (?:\w+ )?(?:details|name)|anonym\w+|contact details",
    "report": r"(?<!we )(?<!as )(?<!the )(?<!have )(?:sa(?:ys|id)|stat(?:es|ed)|alleg(?:es|ed)|claim(?:s|ed))|according to (?:the |her |his )?(?:complain\w+|script|polic\w+|staff)|script|polic(?:y|ies)|complain(?:s|ed)|argu(?:es|ed)|wrote|instructed (?:its|their)|believes",
    "wish": r"prefer\w*|rather|(?:better|desirable|advisable|preferable)|ideally|recommend\w*|suggest\w*|hope",
    "never": r"under no circumstances?|at no (?:time|point|stage)|in no (?:case|event|way)|on no account",
    "nothing": r"nothing|no (?:information|details?|part|mention|communication|indication)|neither|nor",
    "nobody": r"nobody(?: else)?|no[- ]one(?: else)?|no (?:other |third )?(?:person|part(?:y|ies))",
    "ban": r"(?:you|(?:the )?(?:processor|recipient|addressee)) (?:must|may|shall|should|will) (?:not|never)|you (?:can['’]?t|cannot|mustn['’]t|shouldn['’]t)"
    r"|you are (?:\w+ )?(?:not (?:to|permitted to|allowed to|authori[sz]ed to|at liberty to|free to|entitled to)|(?:prohibited|forbidden|barred|precluded|restrained|banned) (?:from|to))"
    r"|(?:we (?:\w+ )?)?(?:ask|request|require|direct|order|instruct|urge) (?:that )?you (?:do )?not(?: to)?"
    r"|(?:^|(?<=[,;:–] )|(?<=please )|(?<=kindly )|(?<=and )|(?<=therefore ))(?:do not|don['’]t|never)"
    r"|(?:is|are) (?:hereby )?(?:commanded|ordered|directed|required|requested|instructed|enjoined|obliged|asked) not to"
    r"|(?:must|shall|please|kindly|you to) (?:refrain|abstain) from|refrain from"
    r"|(?:(?:is|would be) )?(?:prohibited|forbidden|unlawful|not permitted|not allowed|an offen[cs]e|a criminal offen[cs]e|illegal)(?: for you)? (?:to|from)",
    "not_to": r"not to",
    "may_not_be": r"(?:must|may|shall|should|can)(?: ?not| never)(?: \w+ly| yet| ever| under any circumstances| at this stage)? be(?:come)?|(?:is|are) (?:not|never) to be(?:come)?|not be(?= \w+ed\b)",
    "may_not": r"(?:must|may|shall|should|can) ?(?:not|never)|(?:is|are) not to",
    "may": r"must|may|shall|should|can",
    "tipping": r"tipping[- ]off",
    "gag": r"(?:non-?disclosure|gag(?:ging)?|confidentiality|secrecy|suppression) (?:orders?|directions?|injunctions?)|prohibition (?:of|on) disclosure",
    "duty": r"please|kindly|(?:grateful|appreciate it) if you(?: would| could)?|you (?:must|shall|should|are (?:hereby )?(?:required|requested|ordered|directed|obliged|asked|bound|reminded|under|subject))|we (?:\w+ )?(?:require|request|ask|order|direct|instruct) (?:that )?you(?: to)?"
    r"|(?:is|are) (?:hereby )?(?:commanded|ordered|directed|required|requested|obliged|bound) to|we trust that you|(?:is|are) to (?:be|remain)|(?:must|shall) (?:be(?! (?:withheld|deferred|delayed))|remain|stay)|the processor (?:must|shall|is to)|^(?:provide|send|supply|preserve|produce|submit|retain|hand over|make|answer|reply)",
    "existence": r"existence|fact (?:that|of)|that (?:we|it) (?:have|has|are|is|was|were)|that (?:an|this) (?:investigation|inquiry|enquiry|audit)",
    "matter": r"(?:this|these|the|our|such|present|said)(?: \w+)? (?:requests?|inquir(?:y|ies)|enquir(?:y|ies)|investigations?|orders?|notice|demand|audit|inspection|proceedings|measure|warrant|summons|search)",
    "letter": r"(?:this|our|present)(?: \w+)? (?:letter|matter|correspondence|complaint|case)|hereof|thereof|(?:of|about) (?:this|it)|(?:this|it)(?= to\b)|this(?= in (?:\w+ )?confidence)|anything",
    "party": r"(?:data |joint )?controllers?(?!['’]s (?!knowledge))|your (?:\w+ )?(?:clients?|customers?|principals?)(?!['’]s (?!knowledge))"
    r"|(?:company|undertaking|business|firm|organi[sz]ation|entity|client|customer) (?:concerned|under investigation|in question|being investigated|complained (?:of|about))",
    "tell": r"inform(?:s|ed|ing)?|notif(?:y|ies|ied|ying)|tell(?:s|ing)?|told|let on|(?:speak|talk)(?:ing)? (?:to|with)|correspond with|consult(?:ed|ing)?|cop(?:y|ying)(?= (?:[\w'’]+ ){1,4}in(?:to)?\b)|alert(?:ed|ing)?|advis(?:e|ed|ing)|warn(?:ed|ing)?|(?:made?|making) aware|mak(?:e|ing)(?= (?:[\w'’]+ ){1,5}aware\b)|giv(?:e|en|ing) (?:an? |any )?(?:indication|hint|notice|warning)|contact(?:ed|ing)?|approach(?:ed|ing)?|let(?= (?:\w+ ){1,4}know\b)|tip off",
    "pass": r"disclos(?:e|es|ed|ing)|reveal(?:s|ed|ing)?|allud(?:e|ing) to|communicat(?:e|ed|ing)|mention(?:ed|ing)?|shar(?:e|ed|ing)|pass(?:ed|ing)? (?:on|to)|pass(?:ed|ing)?(?= (?:\w+ ){1,3}on\b)|forward(?:ed|ing)?|discuss(?:ed|ing)?|transmit(?:ted|ting)?|ma(?:ke|de|king) (?:\w+ )?(?:known|available)|divulg(?:e|ed|ing)|sen[dt](?:ing)?|br(?:ing|ought)(?= (?:[\w'’]+ ){0,4}to the (?:attention|notice|knowledge) of\b)",
    "learn": r"learn(?: of)?|know|find out|hear(?: of| from you)?|gets? (?:wind|word) of|(?:becom(?:e|es|ing) |be |made )?aware|discover|come to know",
    "notice": r"(?:disclosure|notification|communication|contact)",
    "forbidden": r"(?:is|are) (?:strictly |expressly )?(?:prohibited|forbidden|not (?:permitted|allowed))|(?:is|would be|constitutes?|commits?) an? (?:criminal )?offen[cs]e|is a crime|punishable|(?:must|shall|is to) be (?:withheld|deferred|delayed)",
    "aware": r"(?:the )?knowledge|(?:any )?reference to|recourse to|involving|involvement|prior (?:notice|notification|information)",
    "behind": r"unbeknownst to|behind the back of",
    "avoid": r"avoid|prevent(?= (?:[\w'’]+ ){1,4}from)",
    "bystander": r"(?:the )?(?:complainants?|data subjects?|individuals?|public|press|media|persons? concerned|members?|patients?)|(?:mr|mrs|ms|miss|dr)\.? \w+|sub-?processors?|another processor",
    "somebody": r"(?:the |any |its |their )?(?:customers?|clients?|compan(?:y|ies)|undertaking|business|firm|organi[sz]ation)(?!['’])",
    "anyone": r"any(?:body|one)(?: else)?|any (?:other )?(?:person|party|third part(?:y|ies))|third part(?:y|ies)|others",
    "secrecy": r"confidentiality|secrecy",
    "secret": r"confiden(?:ce|tial|tially)|secret|silence|(?:in the dark|to yourself|between us)|(?:utmost|complete|your) discretion",
    "keep": r"keep|kept|treat(?:ed)?|handled?|maintain(?:ed)?|preserve|observe|remain|h[eo]ld|withhold|conceal(?:ed)?|hide|hidden|deal(?:t)? with",
    "towards": r"vis-?[àa]-?vis|towards?|from|as (?:regards|against)|with regard to|in relation to",
    "them": r"them|him|her",
    "without": r"without",
    "free": r"(?:prevent|preclude|stop|hinder)(?:s|ed)?|before",
    "whether": r"if|unless|whether|why|how|what|when|where|explain|confirm|describe|should you|in case",
    "past": r"was|were|had|has|have|did|been|shared|transferred|passed|sold|collected|used|processed",
    "is": r"is|are",
    "not": r"not|never",
    # "To inform" that belongs to no ban is another verb's: "you cannot ask us to inform".
    "and": r"and|to(?= (?:inform|notify|tell|alert|advise|disclose|reveal|send|forward)\b)",
    "we": r"we|i",
}

_GERMAN = {
    "idle": r"(?:verletzung|bruch) der (?:vertraulichkeit|verschwiegenheit)|ohne (?:schuldhaftes |jede[ns]? |weitere[ns]? )?(?:zögern|verzug|verzögerung|weiteres|zeitverlust)|nicht (?:nur|erst|zuletzt|ohne|mehr|vergessen|versäumen|zögern|abwarten)|(?:vergessen|versäumen|zögern|warten) sie(?: bitte)? nicht",
    "except": r"außer|mit ausnahme|als(?= (?:dem|ihre[mr]) )|nur (?:mit|an|gegenüber)",
    "identity": r"wer (?:sich beschwert|die beschwerde)|identität\w*|namens? (?:der|des|von)|anonym\w*|personalien|kontaktdaten",
    "report": r"sagt\w*|behauptet\w*|gibt an|(?:laut|nach angaben) (?:der |des )?(?:beschwerde\w*|petent\w*)|angeblich|rügt|macht geltend|schreibt|wurde[n]? (?:es )?(?:angewiesen|gesagt|untersagt)",
    "wish": r"lieber|wünsch\w+|wäre(?: es)?(?: uns)? (?:besser|wünschenswert)|empfehlen|bevorzug\w+|möglichst",
    "never": r"(?:unter|in) keine[nm] (?:umständen|fall|umstand)|keinesfalls|auf keinen fall|keineswegs|niemals",
    "nothing": r"keine(?:rlei)? (?:informationen|auskünfte|angaben)|weder|kein wort",
    "nobody": r"niemand(?:em|en)?|keine[rmn]? (?:dritten|anderen|personen?)",
    "gag": r"(?:mitteilungs|offenlegungs|weitergabe|rede)verbot\w*|schweigegebot\w*|(?:verschwiegenheits|geheimhaltungs)anordnung\w*",
    "duty": r"bitte|vertrauen darauf, dass sie|(?:dankbar|verbunden), wenn sie|(?:bitten|ersuchen|fordern|verpflichten)(?: wir)? sie|bitten(?: wir)? um|sie sind(?=[^.;]{0,140}\b(?:verpflichtet|gehalten)\b)|(?:ist|sind|hat|haben)(?=[^.;]{0,140}\bzu (?:\w+ )?\w+en\b)|^(?:behandeln|wahren|halten) sie",
    "must": r"sie müssen|müssen sie",
    "barred": r"(?:untersagt|verboten|unzulässig)|(?:nicht|keinesfalls) (?:gestattet|erlaubt|zulässig|befugt|berechtigt)|zu unter(?:lassen|bleiben)|unterlassen sie|untersagen|verbieten|abzusehen|sehen sie(?=[^.;]{0,90}\bab\b)",
    "you_may": r"sie (?:dürfen|sollen|sollten)|(?:dürfen|sollen|sollten) sie",
    "may": r"darf|dürfen|dürfe|soll|sollen|sollte",
    "existence": r"existenz|umstand, dass|tatsache, dass|dass (?:wir|gegen|ermittelt|eine? (?:untersuchung|prüfung|verfahren|ermittlung))",
    "matter": r"(?:dies\w{0,2}|unser\w{0,2}|das|der|die|dem|den|des|vorliegende\w?|laufende\w?|hiesige\w?)(?: \w+)? (?:\w*anfrage|\w*ersuchens?|\w*anordnung|\w*ermittlung(?:en)?|\w*untersuchung|prüfung|kontrolle|verfügung|\w*verlangens?|\w*verfahrens?|bescheid\w{0,2}|überprüfung|\w*maßnahme|\w*durchsuchung)",
    "letter": r"hiervon|hierüber|davon|darüber|(?:dies\w{0,2}|unser\w{0,2}) (?:schreibens?|briefe?s?|vorgangs?|angelegenheit|beschwerde)",
    "party": r"(?:daten)?verantwortliche[nr]?(?: stelle)?|ihre[nmrs]? (?:\w+ )?(?:auftraggeber\w*|kund\w+|mandant\w*|vertragspartner\w*)|auftraggeber(?:s|n|in)?|(?:betroffene|beteiligte|genannte|geprüfte|fragliche)\w? (?:unternehmens?|firma|gesellschaft|stelle)",
    "tell_now": r"(?:unterrichten|informieren|benachrichtigen|verständigen|warnen|kontaktieren) sie|setzen sie(?=[^.;]{0,90}\bin kenntnis\b)",
    "pass_now": r"(?:teilen|leiten|geben|übermitteln|erwähnen|offenbaren|legen|erzählen|verraten) sie",
    "told": r"(?:unterrichtet|informiert|benachrichtigt|verständigt|gewarnt|vorgewarnt|in kenntnis gesetzt|kontaktiert) (?:werden|würden?|wird)",
    "passed": r"(?:mitgeteilt|weitergeleitet|weitergegeben|offengelegt|offenbart|preisgegeben|bekannt ?gegeben|bekannt ?gemacht|zur kenntnis gebracht|zugänglich gemacht|übermittelt|vorgelegt|erwähnt) (?:werden|wird)",
    "tell": r"(?:zu )?(?:unterrichten|informieren|benachrichtigen|verständigen|warnen|vorwarnen|kontaktieren|einweihen|sprechen|reden)|ein(?:zu)?weihen|in kenntnis (?:zu )?setzen|rücksprache (?:zu )?halten|bescheid (?:zu )?geben",
    "pass": r"mit(?:zu)?teilen|weiter(?:zu)?leiten|weiter(?:zu)?geben|offen(?:zu)?legen|(?:zu )?offenbaren|preis(?:zu)?geben|bekannt(?:zu)?geben|(?:zu )?erwähnen|(?:zu )?verraten|zur kenntnis (?:zu )?(?:bringen|geben)|(?:zu )?übermitteln|zugänglich (?:zu )?machen|(?:zu )?erzählen|(?:zu )?verlieren",
    "learn": r"erfahren|erfährt|wissen|weiß|wind (?:bekommen|bekommt)|kenntnis (?:erlang\w+|erhält|erhalten|bekomm\w+|hat)",
    "notice": r"(?:mitteilung|unterrichtung|benachrichtigung|information|verständigung|weiterleitung|weitergabe|offenlegung|kontaktaufnahme|rücksprache|bekanntgabe)(?:en)?",
    "aware": r"(?:vorherige |das )?(?:kenntnis|wissen)",
    "behind": r"hinter dem rücken",
    "avoid": r"vermeiden|verhindern|dafür sorgen",
    "bystander": r"beschwerdeführer\w*|betroffene[nrs]?|petent\w*|presse|öffentlichkeit|beschäftigte\w*|(?:weitere\w? )?auftragsverarbeiter\w*",
    "somebody": r"kund(?:e|en|in|innen)|mandant\w*|unternehmens?|firma|gesellschaft",
    "anyone": r"jedermann|dritte[nr]?|jemand(?:em|en)?|andere[nr]? personen|anderen",
    "secrecy": r"vertraulichkeit|verschwiegenheit|geheimhaltung",
    "secret": r"vertraulich\w*|(?:still)?schweigen|geheim|diskret\w*|für sich",
    "keep": r"behalten|behandel(?:n|t)|behandlung|(?:zu )?(?:be)?wahren|(?:zu )?halten|verpflichtet|bleiben",
    "towards": r"gegenüber|vor(?= (?:dem|der|ihrem|ihrer)\b)",
    "them": r"ihn|sie|ihm|ihnen",
    "without": r"ohne",
    "free": r"hindert|entgegen|bevor|sondern",
    "whether": r"warum|weshalb|wieso|ob|wie|wann|wer|was|welche\w?|falls|sofern|soweit|wenn|erläutern|erklären|es sei denn",
    "past": r"wurden?|worden|hat|hatte\w?|haben|war|waren|habe",
    "is": r"ist|sind|unterliegt|unterliegen",
    "nicht": r"nicht|nichts|keine[nmrs]?|kein",
    "and": r"und",
    "we": r"wir|ich",
}

_FRENCH = {
    "idle": r"(?:violation|manquement) (?:de|à) la confidentialité|sans (?:délai|tarder|retard|attendre|préjudice|plus)|(?:non|pas) seulement|n['’](?:hésitez|oubliez|omettez) pas|ne (?:manquez|tardez|négligez) pas|vous ne (?:devez|pouvez) pas (?:seulement|uniquement|oublier|manquer|tarder|hésiter|attendre)",
    "except": r"autres? que?|sauf(?= (?:à|au|avec|votre|le) )|hormis|si ce n['’]est|uniquement (?:à|au|avec)",
    "identity": r"qui (?:a porté plainte|s['’]est plainte?|est (?:le|la) plaignante?)|identité|noms? (?:du|de la|des|de l)|anonymat|coordonnées",
    "report": r"indique|affirme|soutient|allègue|selon (?:le |la )?plaignante?|déclare|estime|reproche|dit que|prétend",
    "wish": r"préf[ée]r\w+|souhait\w+|préférable|recommand\w+|conseill\w+",
    "never": r"en aucun cas|sous aucun prétexte|en aucune (?:façon|manière|circonstance)|à aucun moment",
    "nothing": r"aucune? (?:information|indication|mention|communication|élément|détail)|rien|ni",
    "nobody": r"(?<!la )(?<!une )(?<!cette )(?<!toute )personne(?! \w*concern)|aucun tiers|aucune (?:autre )?personne|nul",
    "ban": r"vous ne (?:devez|pouvez|sauriez|devriez)(?: pas| en aucun cas| point)?(?! être)|(?:est )?(?:interdit|défendu|prohibé|interdisons|interdiction)(?: \w+){0,2}? (?:de|d['’])|(?:abstenir|abstiendrez|abstenez-vous) (?:de|d['’])|vous n['’]êtes pas (?:autorisée?s?|habilitée?s?|en droit)(?: à| de| d['’])?|(?<=et )(?:de |à )?ne pas|veuillez (?:à )?ne pas|merci de ne pas|prière de ne pas"
    r"|(?:^|(?<=[,;:–] ))(?:ne(?= (?:l[ea]s? |en |lui |leur )?\w+ez\b)|n['’](?=(?:en )?\w+ez\b))",
    "not_to": r"(?:de|à) ne (?:pas|rien|point)",
    "may_not_be": r"ne (?:doit|doivent|peut|peuvent|devra|devront|pourra|pourront|saurait|sauraient)(?: \w+){0,4}? être",
    "may_not": r"ne (?:doit|doivent|peut|peuvent|devra|pourra|saurait)(?: pas| en aucun cas)?",
    "may": r"peut|peuvent|pourra|pourront",
    "gag": r"ordonnance de (?:confidentialité|non-divulgation)|interdiction de divulgation",
    "duty": r"veuillez|saur(?:ais|ions) gré de|merci de|prière de|vous (?:devez|êtes (?:tenue?s?|priée?s?|requis|invitée?s?|soumis\w*)|voudrez bien)|nous vous (?:prions|demandons|enjoignons|invitons|requérons)|il vous (?:est|appartient)|(?:doit|doivent) (?:rester|demeurer|être)|seront|sera",
    "existence": r"existence|fait que|que nous (?:vous )?(?:avons|sommes)",
    "matter": r"(?:l[ae]s?|l['’]|cette|ces?|cet|notre|nos|présente?|du|au)(?: ?présente?)? ?(?:\w+ )?(?:demande|enquête|réquisition|procédure|contrôle|instruction|démarche|vérification|investigation|injonction|ordonnance|inspection|mesure|perquisition)s?",
    "letter": r"la présente|(?:ce|présente?|notre|cette|du présent) (?:courrier|lettre|affaire|plainte|correspondance)|en(?= (?:informer|avis|aver|prév))",
    "party": r"responsables? d[ue] traitement|vo(?:tre|s) (?:clients?|cliente|mandante?|donneur d['’]ordre|cocontractant)|donneur d['’]ordres?|(?:entreprise|société|organisme|entité) (?:concernée?|visée?|mise? en cause|contrôlée?|en question)",
    "tell": r"inform(?:er|ez|ée?s?)|(?:parl|discut|consult)(?:er|ez|ée?s?)|averti(?:r|e|s|ssez)?|avis(?:er|ez|ée?s?)|prév(?:enir|enez|enue?s?)|alert(?:er|ez|ée?s?)|(?:mettre|mettez|mise?) au courant|contact(?:er|ez|ée?s?)|notifi(?:er|ez|ée?s?)",
    "pass": r"divulgu(?:er|ez|ée?s?)|révél(?:er|ez|ée?s?)|communiqu(?:er|ez|ée?s?)|transm(?:ettre|ettez|ise?s?)|port(?:er|ez|ée?s?) à (?:la connaissance|l['’]attention)|fai(?:re|tes) (?:part|état|savoir|connaître|suivre)|mentionn(?:er|ez|ée?s?)|partag(?:er|ez|ée?s?)|dévoil(?:er|ez|ée?s?)|dire|évoqu(?:er|ez|ée?s?)|donn(?:er|ez) connaissance",
    "learn": r"ignore|apprendre|apprenne|savoir|sache|(?:avoir|ait|prendre|prenne) connaissance",
    "notice": r"communication|information|divulgation|transmission|révélation|notification",
    "forbidden": r"(?:est|sont) (?:strictement |formellement )?(?:interdite?s?|prohibée?s?|proscrite?s?|passibles?|punie?s?|constitutive?s?)|constitue (?:un délit|une infraction)",
    "aware": r"connaissance|information préalable",
    "behind": r"à l['’]insu",
    "avoid": r"éviter|empêcher|veiller à",
    "bystander": r"plaignante?s?|personnes? concernées?|public|presse|salariés|médias|m\.|mme|madame|monsieur|autre sous-traitant",
    "somebody": r"clients?|cliente|sociétés?|entreprises?|organisme",
    "anyone": r"quiconque|tiers|toute (?:autre )?personne|qui que ce soit|autrui",
    "secrecy": r"confidentialité|secrets?",
    "secret": r"confidentiel\w*|(?:secrète|secrètement)s?|silence|discrétion|ignorance|pour vous|entre nous",
    "keep": r"gard(?:er|ez|ée?s?)|conserv(?:er|ez|ée?s?)|traite[rz]|traitée?s?|maintenir|rester|demeurer|observer|préserver",
    "towards": r"vis-?à-?vis(?: d[ue]s?)?|envers|à l['’]égard(?: d[ue]s?)?",
    "them": r"les|lui|leur",
    "without": r"sans",
    "free": r"empêche\w*|obstacle|avant",
    "whether": r"pourquoi|si|comment|quand|expliqu\w+|quels?|quelles?|sauf|moins",
    "past": r"a|ont|avait|avaient|été|avez|avons",
    "is": r"est|sont|reste",
    "not": r"pas|point|jamais",
    "and": r"et|d['’](?=\w+er\b)|de(?= \w+er\b)",
    "we": r"nous|je",
}

_SPANISH = {
    "idle": r"(?:vulneración|violación|infracción) (?:de la confidencialidad|del (?:deber de )?(?:confidencialidad|secreto))|sin (?:demora|dilación|dilaciones|retraso|perjuicio|tardanza|más)|no (?:sólo|solo|solamente|obstante)|no (?:olvide|dude|deje|omita|tarde|espere)n?|no (?:debe|deben|deberá) (?:sólo|solo|solamente|olvidar|dejar|dudar|tardar|esperar|limitarse)",
    "except": r"salvo(?! que)|excepto|que no sea|distint[ao]s? del?|(?:sólo|solo|únicamente) (?:con|al?)",
    "identity": r"quién (?:ha reclamado|reclamó|es (?:el|la) reclamante)|identidad|nombres? (?:del|de la|de los)|anonimato|datos de contacto",
    "report": r"alega|afirma|manifiesta|denuncia|según (?:el |la )?(?:reclamante|denunciante)|declara|sostiene|indica que|dice",
    "wish": r"prefer\w+|desear\w+|recomend\w+|convendría",
    "never": r"bajo ningún (?:concepto|pretexto)|en ningún (?:caso|momento|supuesto)|de ning(?:ún|una) (?:modo|manera|forma)|nunca|jamás",
    "nothing": r"nada|ninguna (?:información|comunicación|indicación)|ni",
    "nobody": r"nadie|persona alguna|ninguna (?:otra )?persona|ningún tercero",
    "ban": r"(?:usted )?no (?:debe|deben|deberá|deberán|debería|puede|pueden|podrá|podrán)(?! (?:\w+ ){0,4}ser\b)(?: usted(?:es)?)?|no est[áa]n? (?:usted(?:es)? )?(?:autorizad|facultad)[oa]s?(?: a| para)?|no cabe|(?<=y )no(?= \w+(?:ar|er|ir)\b)|(?:queda |está )?(?:prohibid[oa]|prohíbe|prohibimos|vedado)(?: \w+mente)?(?= \w+(?:ar|er|ir)\b)|abst[eé]n\w* de|(?:rogamos|ruega|solicitamos|pedimos|requerimos|ordenamos)(?: encarecidamente)? que no|(?:^|(?<=[,;:] ))no(?= (?:le |lo |les |se lo )?\w{3,20}[ea]n?\b)",
    "may_not_be": r"no (?:debe|deben|deberá|deberán|puede|pueden|podrá|podrán|ha de)(?: \w+){0,4}? ser|no (?:será|serán)",
    "may_not": r"no (?:debe|deben|puede|pueden|podrá|podrán)",
    "may": r"podrán?|pueden?",
    "gag": r"orden de (?:confidencialidad|secreto|no divulgación)|secreto de (?:sumario|las actuaciones)",
    "duty": r"agradecer(?:íamos|ía) que|deberán?|debe|deben|rogamos|ruego|se (?:le|les) (?:requiere|ruega|solicita)|(?:les? )?(?:pedimos|solicitamos|requerimos)|est[áa]n? (?:usted(?:es)? )?obligad[oa]s?|sírvan?se|queda(?:n)? obligad[oa]s?|ha(?:n)? de|(?:remita|facilite|aporte|entregue|conteste|responda)n?",
    "existence": r"existencia|hecho de que|que (?:se )?(?:les? )?(?:hemos|ha|han|está)",
    "matter": r"(?:est[eao]s?|estas|l[ao]s?|el|nuestr[oa]|presentes?)(?: presentes?)? (?:\w+ )?(?:requerimiento|solicitud|investigación|orden|actuaciones|actuación|inspección|procedimiento|diligencia|expediente|petición|medida|auditoría)",
    "letter": r"la presente|(?:este|presente|nuestro) (?:escrito|asunto)|(?:esta|presente|nuestra) (?:carta|reclamación)|de ello",
    "party": r"responsables? del tratamiento|sus? (?:client\w+|mandante|comitente|contratante)|(?:empresa|entidad|sociedad|compañía|organización) (?:afectada|investigada|inspeccionada|interesada|concernida|en cuestión)",
    "tell": r"(?:habl|coment|consult)(?:ar|e|en)|inform(?:ar|e|en|arán?|ad[oa]s?)|avis(?:ar|e|en|arán?|ad[oa]s?)|advert(?:ir|irán?|id[oa]s?)|adviertan?|notifi(?:car|que|quen|carán?|cad[oa]s?)|alert(?:ar|e|en|ad[oa]s?)|contact(?:ar|e|en)",
    "pass": r"comuni(?:car|que|quen|cará|cad[oa]s?)|revel(?:ar|e|en|ará|ad[oa]s?)|divulg(?:ar|ue|uen|ad[oa]s?)|transmit(?:ir|id[oa]s?|an?)|traslad(?:ar|e|en)|reenv(?:iar|íe|íen)|mencion(?:ar|e|en)|hacer saber|dar (?:cuenta|noticia)|(?:poner|pongan?|puest[oa])(?=[^.;]{0,80}en conocimiento)|dar traslado",
    "learn": r"desconoce|conocer|conozca|saber|sepa|enterarse|entere|(?:tener|tenga) (?:conocimiento|noticia)",
    "notice": r"comunicación|notificación|divulgación|información|revelación",
    "forbidden": r"(?:está|están|queda|quedan) (?:\w+mente )?prohibid[oa]s?|constituye (?:un )?delito|es delito",
    "aware": r"conocimiento|previo aviso|previa comunicación",
    "behind": r"a espaldas",
    "avoid": r"evitar|impedir",
    "bystander": r"reclamantes?|denunciantes?|interesad[oa]s?|afectad[oa]s|público|prensa|trabajador\w*|sra?\.?|don|doña|otro encargado",
    "somebody": r"clientes?|clienta|empresas?|entidad|sociedad|compañía",
    "anyone": r"terceros?|terceras personas|cualquier (?:otra )?persona|otras personas",
    "secrecy": r"confidencialidad|secreto",
    "secret": r"confidencial(?:es|mente)?|secret[ao]s?|sigilo|silencio|reserva|discreción|entre nosotros",
    "keep": r"mant(?:ener|enga|engan)|guard(?:ar|e|en)|trat(?:ar|e|en|ad[oa]s?)|conserv(?:ar|e|en)|observ(?:ar|e|en)|permanecer",
    "towards": r"frente al?|ante(?= (?:el|la|su)\b)|respecto (?:del?|al)|hacia",
    "them": r"les|le",
    "without": r"sin",
    "free": r"impide\w*|obsta|antes",
    "whether": r"por qué|si|cómo|cuándo|qué|expli\w+|salvo|menos",
    # The simple past ends in a stressed o.
    "past": r"he|hemos|haya|hayan|ha|han|había|fue|fueron|sido|\w{3,30}ó",
    "is": r"es|son|está|están",
    "not": r"no",
    "and": r"y|(?:en|a|de)(?= \w+(?:ar|er|ir)\b)",
}

_ITALIAN = {
    "idle": r"violazione (?:della riservatezza|del segreto)|senza (?:ritardo|indugio|pregiudizio|ingiustificato ritardo)|non (?:solo|soltanto|oltre)|non (?:dimenticate|dimentichi|esitate|esiti|mancate|manchi|tardate|omettete|trascurate)|non (?:deve|dovete|può|potete) (?:solo|soltanto|dimenticare|mancare|tardare|esitare|attendere|limitarsi|limitarvi)",
    "except": r"salvo(?! che)|eccetto|tranne|divers[oaie] d[ai]l?|(?:solo|soltanto|unicamente) (?:con|al?)",
    "identity": r"chi (?:ha (?:reclamato|presentato)|è (?:il|la) reclamante)|identità|nom[ei] (?:del|della|dei|degli)|anonimato|recapiti",
    "report": r"sostiene|afferma|lamenta|secondo (?:il |la )?(?:reclamante|segnalante)|dichiara|riferisce|dice",
    "wish": r"prefer\w+|auspic\w+|consigli\w+|opportuno",
    "never": r"in (?:nessun|alcun) (?:caso|modo)|per nessun motivo|mai",
    "nothing": r"nulla|niente|nessuna (?:informazione|comunicazione|indicazione)|né",
    "nobody": r"nessuno|alcuno|chicchessia|nessun (?:altro|terzo)",
    "ban": r"non (?:deve|devono|dovete|dovrà|dovrete|può|possono|potete|potrà|potrete)(?! (?:\w+ ){0,4}(?:essere|venire))|(?:è |fatto )?(?:divieto|vietato|proibito)(?: di)?(?= \w+(?:are|ere|ire)\b)|asten\w+ (?:da|dal|dall['’])|non (?:siete|è) (?:autorizzat|legittimat)[oai](?: a)?|(?<=e )(?:di |a )?non(?= \w+(?:are|ere|ire)\b)|(?:^|(?<=[,;:] ))non(?= (?:ne |lo |la )?\w+(?:ate|ete|ite|are|ere|ire)\b)",
    "not_to": r"(?:di|a) non",
    "may_not_be": r"non (?:deve|devono|dovrà|dovranno|può|possono|potrà|potranno)(?: \w+){0,4}? (?:essere|venire)|non (?:va|vanno)",
    "may_not": r"non (?:deve|può|potrà|possono)",
    "may": r"può|possono|potrà|potranno",
    "gag": r"ordine di (?:riservatezza|non divulgazione|segretezza)",
    "duty": r"grati se|vogliate|voglia|si (?:prega|chiede|invita|ordina)|vi (?:preghiamo|chiediamo|invitiamo|ordiniamo)|(?:siete|è) (?:tenut[ioa]|obbligat[ioa])|obbligo|vanno|va|dovete|dovrete|dovrà|deve|devono|la (?:preghiamo|invitiamo)|^(?:trasmettete|fornite|inviate|rispondete)",
    "existence": r"esistenza|fatto che|che (?:vi )?abbiamo|che è (?:in corso|stat[ao])",
    "matter": r"(?:quest[aoei]|quest['’]|l[ao]|il|i|gli|l['’]|presente|della|del|dell['’]|sulla|sul|nostra?)(?: ?presente)? ?(?:\w+ )?(?:richiesta|istruttoria|indagine|procedimento|accertamento|ordine|provvedimento|ispezione|verifica|procedura|inchiesta)",
    "letter": r"(?:presente|questa|nostra) (?:lettera|comunicazione|nota|missiva)|(?:la|della|alla|dalla) presente|di ciò|(?:presente|questo) (?:scritto|reclamo)",
    "party": r"titolare(?: del trattamento)?|(?:vostr[oi]|suo|suoi) (?:client[ei]|committente|mandante)|committente|(?:società|impresa|azienda|ente) (?:interessata?|coinvolta?|in questione|ispezionata?)",
    "tell": r"(?:parl|consult)(?:are|ate|at[oai])|discut(?:ere|ete)|mess[oa] a parte|inform(?:are|ate|at[oai])|avvis(?:are|ate|at[oai])|avvert(?:ire|ite|it[oai])|allert(?:are|ate|at[oai])|(?:mettere|mess[oa]) al corrente|contatt(?:are|ate|at[oai])|notific(?:are|ate|at[oai])|preavvis(?:are|ate|at[oai])",
    "pass": r"comunic(?:are|ate|at[oai])|rivel(?:are|ate|at[oai])|divulg(?:are|ate|at[oai])|port(?:are|at[oai]) a conoscenza|trasm(?:ettere|ettete|ess[oa])|inoltr(?:are|ate|at[oai])|menzion(?:are|ate|at[oai])|rendere not[oa]|svelare|riferire|dare (?:comunicazione|notizia)|fatta parola",
    "learn": r"sapere|sappia|apprendere|apprenda|conoscere|(?:venire|venga) a conoscenza|(?:avere|abbia) (?:conoscenza|notizia)",
    "notice": r"comunicazione|informazione|notifica|divulgazione",
    "forbidden": r"(?:è|sono) (?:\w+mente )?(?:vietat|proibit)[aei]|costituisce reato|è (?:reato|punit[oa])",
    "aware": r"conoscenza|preavviso|previa comunicazione",
    "behind": r"all['’]insaputa|alle spalle",
    "avoid": r"evitare|impedire",
    "bystander": r"reclamanti?e?|segnalanti?e?|interessat[oi]|pubblico|stampa|sig\.|signora?|altro responsabile",
    "somebody": r"client[ei]|società|impres[ae]|aziend[ae]",
    "anyone": r"terzi|chiunque|altri soggetti|altre persone",
    "secrecy": r"riservatezza|segretezza|confidenzialità|segreto",
    "secret": r"riservat[oaie]|segret[oaie]|confidenzial\w+|riserbo|silenzio|discrezione|all['’]oscuro|per voi|tra noi",
    "keep": r"tenere|manten(?:ere|ete)|tratt(?:are|ate)|conserv(?:are|ate)|osserv(?:are|ate)|custodire|restare|rimanere",
    "towards": r"nei confronti(?: del(?:la|l['’])?| di)?|verso",
    "them": r"loro|gli|li",
    "without": r"senza",
    "free": r"impedisce|osta|prima",
    "whether": r"perché|se|quando|quali|spieg\w+|salvo|meno",
    "past": r"ho|abbiamo|avete|abbia|ha|hanno|aveva|fu|furono|stat[oaie]",
    "is": r"è|sono|resta",
    "not": r"non",
    "and": r"e|ed|di(?= \w+(?:are|ere|ire)\b)",
}

_DUTCH = {
    "idle": r"als(?= (?:strikt )?vertrouwelijk)|schending van de (?:vertrouwelijkheid|geheimhouding)|zonder (?:onredelijke |onnodige )?(?:vertraging|uitstel|meer)|niet (?:alleen|slechts|later|vergeten|aarzelen|wachten|nalaten)|(?:vergeet|aarzel|wacht|verzuim) niet",
    "except": r"behalve|anders dan|uitgezonderd|(?:alleen|uitsluitend) (?:met|aan)",
    "identity": r"wie (?:heeft geklaagd|de klager)|identiteit|na(?:am|men) van|anoniem\w*|contactgegevens",
    "report": r"zegt|stelt dat|volgens (?:de )?klager|beweert|verklaart|klaagt",
    "wish": r"liever|voorkeur|wenselijk|raden|aanbevelen",
    "never": r"onder geen (?:beding|enkel beding|enkele omstandigheid)|in geen geval|nooit|op geen enkele wijze",
    "nothing": r"geen (?:informatie|mededeling)|noch",
    "nobody": r"niemand|geen (?:enkele )?(?:derden?|andere?|persoon)",
    "gag": r"(?:spreek|mededelings|openbaarmakings)verbod|geheimhoudings(?:bevel|gebod)|zwijgplicht",
    "duty": r"neemt u|op prijs(?: stellen)? als u|(?:verzoeken|vragen|gelasten|bevelen|sommeren|verzoek|vraag)(?: wij)? u|gelieve|u (?:dient|moet|bent (?:gehouden|verplicht|verzocht)|wordt (?:verzocht|gelast))|(?:dient|dienen|moet|moeten)|^(?:verstrek|beantwoord|lever)",
    "barred": r"verboden|niet (?:toegestaan|geoorloofd|bevoegd|gerechtigd)|te onthouden van|af te zien van",
    "you_may": r"u mag|mag u",
    "may": r"mag|mogen",
    "existence": r"bestaan van|het feit dat|dat wij",
    "matter": r"(?:dit|deze|de|het|ons|onze)(?: \w+)? (?:verzoek|onderzoek|vordering|bevel|inspectie|procedure|maatregel|controle|audit|beschikking)",
    "letter": r"hiervan|hierover|daarvan|daarover|(?:deze|onze) (?:brief|zaak|aangelegenheid|klacht)|dit (?:schrijven|document)",
    "party": r"verwerkings?verantwoordelijken?|uw (?:klant\w*|cliënt\w*|opdrachtgever\w*)|opdrachtgevers?|betrokken (?:onderneming|bedrijf|organisatie)",
    "tell_now": r"(?:^|(?<=gelieve ))(?:informeer|waarschuw|verwittig|licht)",
    "pass_now": r"(?:^|(?<=gelieve ))(?:vertel|meld|maak|deel|stuur|geef|onthul)",
    "told": r"op de hoogte (?:worden )?(?:gesteld|gebracht)(?: worden)?|(?:worden )?(?:geïnformeerd|ingelicht|gewaarschuwd|verwittigd|in kennis gesteld)(?: worden)?",
    "passed": r"(?:worden )?(?:doorgestuurd|me(?:de|e)gedeeld|bekend ?gemaakt|doorgegeven|verstrekt|gedeeld|onthuld|voorgelegd)(?: worden)?",
    "tell": r"(?:te )?informeren|in(?: te )?lichten|(?:te )?waarschuwen|(?:te )?verwittigen|op de hoogte (?:te )?(?:stellen|brengen)|in kennis (?:te )?stellen|(?:te )?benaderen|(?:te )?bespreken|(?:te )?overleggen|(?:te )?spreken|(?:te )?raadplegen",
    "pass": r"me(?:de|e)(?: te )?delen|bekend(?: te )?maken|door(?: te )?(?:sturen|geven|zenden)|(?:te )?onthullen|(?:te )?vertellen|kenbaar (?:te )?maken|(?:te )?vermelden|(?:te )?delen|mededeling (?:te )?doen",
    "learn": r"vernemen|verneemt|weet|lucht krijgen|(?:te )?weten(?: komen)?|kennis (?:krijg\w*|nem\w+|neemt)",
    "notice": r"mededeling|contact|kennisgeving|openbaarmaking|doorzending",
    "forbidden": r"is strafbaar",
    "aware": r"medeweten|voorkennis|voorafgaande \w+",
    "behind": r"buiten medeweten|achter de rug",
    "avoid": r"(?:te )?voorkomen|(?:te )?vermijden",
    "bystander": r"klagers?|klaagster|betrokkenen?|publiek|pers|werknemers?|de heer|mevrouw|dhr|mw|andere verwerker",
    "somebody": r"klant(?:en)?|cliënt(?:en)?|bedrijf|onderneming|organisatie|vennootschap",
    "anyone": r"derden?|anderen|wie dan ook|iemand|eenieder",
    "secrecy": r"vertrouwelijkheid|geheimhouding",
    "secret": r"vertrouwelijke?|geheim|stilzwijgen|(?:te )?zwijgen|discretie|onkundig|voor uzelf",
    "keep": r"in acht|houdt|(?:te )?behandelen|(?:te )?houden|(?:te )?betrachten|(?:te )?bewaren|blijven",
    "towards": r"tegenover|jegens|ten opzichte van",
    "them": r"hen|hem|haar|hun",
    "without": r"zonder",
    "free": r"belet|verhindert|hoeft|hoeven|alvorens|voordat|maar",
    "whether": r"waarom|hoe|wanneer|wie|wat|welke|toelichten|indien|als|tenzij",
    "past": r"heeft|hebben|had|hadden|hebt|werd|werden",
    "is": r"is|zijn|blijft",
    "nicht": r"niet|niets|geen",
    "and": r"en",
    "we": r"wij|we|ik",
}

TONGUES: tuple[Mapping[str, str], ...] = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH)

CLUES = (
    ("not", "never", "n't", "n’t", "cannot", "nobody", "no one", "no-one", " no ", "neither", "nothing", "without", "secre", "confiden", "silence",
     "prohibit", "forbid", "refrain", "abstain", "tip", "gag", "rather", "prefer", "offence", "offense", "unlawful", "withh", " from ", "conceal", "discretion", "avoid", "unbeknownst", "behind the back", "in the dark", "to yourself", "between us", "discloses", "wind of"),
    ("nicht", "kein", "niemand", "ohne", "vertraulich", "verschwiegen", "schweig", "geheim", "diskret", "untersag", "verbiet", "verbot", "für sich", "sehen sie", "weder", "vermeiden", "verhindern", "dafür sorgen", "hinter dem rücken", "unterlassen", "unterbleiben", "abzusehen", "unzulässig"),
    (" ne ", "ne ", "n'", "n’", " sans ", "aucun", "confidenti", "secret", "silence", "interdi", "absten", "abstien", "ignor", "pour vous", "entre nous", "passible", "puni", "constitu", "défendu", "prohib", "rien", "discrétion", "insu ", "éviter", "empêcher"),
    ("no ", "sin ", "ningun", "ningún", "nadie", "nunca", "confidencial", "secret", "sigilo", "reserva", "silencio", "prohib", "prohíb", "absten", "abstén", "discreción", "desconoce", "entre nosotros", "delito", "a espaldas", "evitar", "impedir"),
    ("non ", "senza ", "nessun", "alcun", "nulla", "riserv", "segret", "confidenzial", "silenzio", "riserbo", "viet", "divieto", "asten", "oscuro", "per voi", "tra noi", "reato", "mai ", "discrezione", "insaputa", "alle spalle", "evitare", "impedire"),
    ("niet", "geen", "niemand", "zonder", "nooit", "vertrouwelijk", "geheim", "stilzwijgen", "zwijg", "verbod", "strafbaar", "af te zien", "onkundig", "voor uzelf", "lucht krijgen", "onthoud", "discretie", "medeweten", "achter de rug", "voorkomen", "vermijden"),
)  # fmt: skip
"""Words of each tongue without one of which a sentence orders no silence: they are found far faster than patterns."""

FOOTER = (
    r"intended (?:recipient|solely|only|exclusively)|addressee|(?:received|sent) (?:this|it)?\s?[\w-]* ?(?:in error|by mistake)|unauthori[sz]ed|confidentiality notice|disclaimer|privileged|this (?:e-?mail|message)"
    r"|adressat|empfänger|irrtümlich|diese[rn]? (?:e-?mail|nachricht|mail)|unbefugt|unerlaubt"
    r"|destinataire|par erreur|ce (?:message|courriel|mél|mail)"
    r"|destinatario|por error|este (?:mensaje|correo)"
    r"|destinatari|per errore|questo messaggio|questa e-?mail"
    r"|geadresseerde|abusievelijk|ten onrechte|(?:dit|deze) (?:bericht|e-?mail)"
)
"""Signs of the small print below a mail, which forbids whoever got it by mistake to pass it on."""
