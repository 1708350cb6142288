"""Words that matter around names: ordinary ones, generic ones, places."""

# ruff: noqa: SIM905 - hundreds of words are read and mended in lines of text, not in a list with quotation marks

# A name made of these alone identifies nobody without a second sign.
ORDINARY = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february april august september october november
    december stories montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi
    lunes martes viernes lunedi venerdi maandag dinsdag woensdag vrijdag mandag tirsdag onsdag torsdag fredag
    poniedzialek wtorek sroda czwartek piatek
    able access account act active add advance affinity after again age agent agree aim air all alliance allure also
    always amber anchor and angel answer any app apple arc arch are area arrow art ask asset atlas aura away
    back balance ball bank bar bark base basic beacon bean bear beat bee bell best better big bird bit black
    blue board boat bold bolt bond bonus book boost booking border boss box branch brand brave bread breeze bridge
    bright brook broker brown bubble bud bull bumble business buy
    cabin call camp can candle capital car card care cargo cascade case cash castle catch cause central chain champion
    chance change channel charge charm chart chase chat check chief choice circ circle circuit city civic claim class
    clean clear click clinic close cloud club coach coast coda code coin collective colour comet comfort common compass
    complete concept concord connect contact copper coral core corner cos council count country course cover craft
    create credit crew crisp cross crown cube cup current curve cut cycle
    daily dash data date dawn day deal dear deep delta depot desk dial digital ding direct discover dream drive drop
    eagle early earth east easy echo eden edge edition element elite else ember emerald end energy engage engine enjoy
    enterprise entry epic equal era essential estate ever every evolution exact exchange express extra eye
    fable face fact fair faith falcon fame family farm fast favour feather field fight film find fine fire firm first
    fit five flag flame flash fleet flex flight flow fly focus food foot force forest form formula fortune forum forward
    foundation four fox frame free freedom fresh friend front fuel full fun fund fusion future
    galaxy game garden gate gem general genesis gift give glamour glass globe glow go goal gold golden good grace grand
    grant great green grid ground group grow growth guard guardian guide gulf
    habit half hand happy harbour harmony harvest haven hawk head health heart heat helix help here heritage hero high
    hill hinge home hope horizon horse host hot hour house hub human hunt
    icon idea ideal image impact in index infinity info inform information insight instant institute intelligent
    inter interest iris iron island it ivy
    jet jewel join journey joy judge jump junction just keen keep key kind king kite knight know kraken
    label lake lamp land lane large last launch law lead leader leaf league leap learn legal legend leisure lens less
    let level liberty library life lift light like lime line link lion list live loan local lock loft logic long look
    loop lotus love loyal lucky luna lunch
    made magic mail main major make manage mango map maple mark market marble master match matrix maximum may mean media
    medic mercury merit message messenger meta method metro mile miles mill mind mine mint mirror mission mist mobile
    mode modern moment momentum money monitor month moon more morning motion motor move movie much music my
    name nation nationwide native natural nature need nest net network new news next nice night noble node nominal north
    note nothing notion nova novel now number
    oak oasis object ocean octopus of off offer office ok olive on once one online only open optimum option orange orbit
    order organic origin other our outlook over own
    pace pack page panic paper paradise park part partner party pass path pay peace peak pearl people perfect personal
    phoenix phone photo picnic picture pilot pine pink pioneer place plain plan planet plant platform play plaza please
    plus pocket point polar pool port post power precision premier present press prestige primary prime prince print
    prism privacy private pro product professional profile profit progress project prompt proof proper property public
    pulse pure purple push
    quality quarter queen quest quick quiet quo
    radio radius rain raise range rapid raven ray reach read ready real recipe record red reef reflex regal regent relay
    reliance renaissance rent reply rescue reserve resolve response rest result retail return reward rich ride right
    ring rise river road robin rock rocket roll roof room root rose round route royal run rush
    safe sage sail salt same sand saturn save scale school science scope score scout sea search season second secure
    see seed select sense serve service set seven shade shadow shape share sharp shell shelter shield shift shine ship
    shop shore short show side sierra sight sign signal silver simple single site six sky slack sleep slice small smart
    smile snow social society soft sol solar solid solution some sonic soul sound source south space spark special speed
    spirit split sport spot spring square stable stadium staff stage stand standard star start state station stay steel
    step sterling still stock stone stop store storm story stream street stretch strike strong studio study style
    success summit sun super support sure surge swan sweet swift switch system
    tab table tail take talent talk tango target task taste team tech ten terra test thames the them then there thing
    think this three thrive tide tier tiger time tinder tiny tip titan today together token tone tool top torch total
    touch tower town track trade trading trail train transfer transmit travel tree trend tribe trinity true trust try
    tulip tune turn two
    ultra union unique unit united unity universal university up update urban us use
    vale valley value vanguard vantage vector venture vero verve via victory view village vision vista vital vivid voice
    volt vote voyage
    walk wall warm watch water wave way we wealth weather web week weekday well west what wheel when which while white
    who whole why wide wild will win wind window wing winner winter wire wisdom wise with wolf women wonder wood word
    work world worth
    yard year yellow yes yield you young your zebra zen zenith zero zone zoom
    adler alles allianz alpha arbeit auf aus bahn baum berg bild blatt blick brief brot bund burg dienst drei ein eins ende erde
    familie fest feuer forum frau freund geld gold haus heim heute himmel hof hut jetzt karte kasse kinder klar kraft kreis
    land leben licht mail mein mensch merkur nah neu nord ost plan post punkt rat raum recht reise ring see sicher sonne
    spiel stadt stark stein stern strom süd tag tier tor tür uhr und volk wald warta welt werk west wetter wind zeit zug
    agence amour ami avenir bleu bon bonjour carte chaud ciel cible coeur dans demain deux elle en espace fleur france
    horizon ici jour lettre libre lumière maison marche monde mutuelle nature neuf nord nous nouveau or ouest place plus
    pour printemps pub rouge route santé soleil sud terre tout vert vie ville vite voix
    agua alma amigo amor azul bien blanco buen caja calle campo casa cielo ciudad claro correo directo donde fuego gente
    hogar hoy joven libro luz madre mar mas mundo naranja nuevo oro paz plaza punto red rey rojo sol sur tarjeta tiempo
    tienda tierra todo verde vida viento
    acqua amico aria bella bene bianco buono cara casa cielo città conto cuore domani fiore fuoco gioco giorno libero
    luce mare mondo nuova oggi oro pane posta primo quando rosso sole strada subito tempo terra tutto vento verde via vita
    arbetare bank barn bil blå bok bra dag del din eld fri god grön hem hus idag land liv ljus min morgon ny nu sol
    stad stor tid vi väg boek dag een eigen goed groen huis huur kind klaar land leven licht mijn nieuw nu ons snel
    stad tijd van veld vrij water weg wereld zon
    """.split()
)

# Surnames that are brands too, and what many houses of one trade are called; neither identifies by itself.
SHARED_NAMES = frozenset(
    """
    abel adams allen anderson armstrong bailey baker barker barnes bell bennett bernstein berry bird black brown burton butler
    carter clark clarke cole collins cook cooper cox davies davis dixon edwards ellis evans fisher foster fox gibson graham gray
    green griffiths hall hamilton harris harrison harvey henry heise hill holmes howard hudson hughes hunt hunter jackson james
    jenkins jenner johnson jones kaufmann kelly kennedy king knight lee lewis lloyd marshall marston martin mason miller mills
    mitchell moore morgan morris murphy murray nelson newman oliver otto owen palmer parker perry phillips porter powell price
    reynolds richards richardson roberts robertson robinson rogers ross russell ryan sanders scott shaw simpson smith spencer
    stevens stewart sullivan taylor thomas thompson turner walker wallis walsh ward warren watson webb west white wilkinson
    williams wilson wood woods wright young
    bauer becker braun fischer hoffmann klein koch krüger lange lehmann maier mayer meier meyer müller neumann peters richter
    schäfer schmidt schmitz schneider schröder schulz schwarz vogel wagner weber werner winkler wolf zimmermann
    bernard blanc bonnet dubois dupont durand fontaine garnier girard lambert laurent lefebvre leroy martin michel moreau petit
    robert rousseau roux simon bruno conti costa ferrari gallo garcia lopez martinez perez rossi russo sanchez
    bank sparkasse volksbank raiffeisenbank stadtwerke versicherung krankenkasse council police university academy college
    school hospital trust ministry department party gemeinde kommune ayuntamiento commune mairie
    """.split()
)

# Sites where anybody has a page: a link there points to the page's owner, not to the site.
PAGE_HOSTS = frozenset(
    """
    facebook.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com trustpilot.com wikipedia.org google.com
    apple.com pinterest.com xing.com threads.net vimeo.com flickr.com github.com medium.com glassdoor.com reddit.com
    """.split()
)

# Nouns that may stand beside a company's name without making it another company.
GENERIC_NEIGHBOURS = frozenset(
    """
    account accounts address advert app application apps booking branch company complaint concern consent
    contract controller cookie customer customers enquiry entity helpdesk letter login
    matter member membership newsletter newsletters order page policy
    privacy receiver respondent response returns review reviews site subscriber subscription
    users webpage website
    aktenzeichen anbieter anbieterin anmeldung antwort anwendung auskunft az beschwerde
    beschwerdegegner betreiber betreff datei daten datenschutz eingabe fall filiale filialen frist
    händler homepage hotline kundenkonto konto kunde kunden kundin kundenservice mitarbeiter
    newsletter nutzer nutzerin seite unternehmen verantwortliche verantwortlicher verfahren
    verantwortlichen vertrag vorgang webseite webshop website
    abonné application carte client cliente clients compte courriel dossier filiale objet plainte
    responsable saisine site
    cliente clientes cuenta empresa entidad expediente reclamación reclamada
    azienda cliente clienti conto fascicolo reclamo sito titolare
    dossier kenmerk klacht klant klanten rekening verwerkingsverantwoordelijke webwinkel
    ärende ärendet bolaget diarienummer klagomål konto kund kunden kunder sak sag
    administrator klient konto skarga spółka
    ref reference re our your subject dear dpo gdpr dsgvo rgpd avg
    """.split()
)

# Function words that begin sentences and headings, so their capital says nothing about a name.
FUNCTION_WORDS = frozenset(
    """
    a about above after again against all also although an and another any are as at because before both but by can
    complaint could did do does each either ever every following for from further had has have he her here his how however
    i if in indeed is it its like many may meanwhile moreover my no nor not nothing now of on once one only or other our
    per please regarding concerning she should since so some still such than thank that the their then there these they
    this those though thus to today two under unlike until was we were what when where whereas whether which while who
    whose why will with without would yes you your
    als am an auch auf aus außer bei beim betreff betrifft bitte da dabei daher dann das dass dem den der des die dies diese
    dieser durch ein eine einem einen einer er es für gegen gegenüber über unter vor bis hat herr ich ihr im in ist kein laut mit nach nicht
    nur ob oder ohne seit sich sie so soweit statt und um unser vom von vor was weder wegen weil wenn wer wie wir wird
    wurde zu zum zur zwischen
    a à au aussi aux avec ce ces cette chez comme concernant contre dans de depuis des donc du elle en entre est et il
    ils je l la le les leur mais ni nos notre nous objet ou où par pas pour quand que qui sa sans se selon ses si son
    sont sur une un votre vous
    al ante aunque como con contra cuando de del desde donde el ella en entre es esta este hasta la las lo los más ni no
    nuestro o para pero por que se según ser si sin sobre su también tras un una y
    ai alla allo anche che chi ci con contro cui da dai dal dalla degli dei del della delle di è gli ha i il in la le lo
    ma nei nel nella non o per più presso quale quando se si sono su sul sulla tra un una vi
    aan aangaande als bij daar dat de den deze die dit door een en er het hij hoe ik in is jegens maar met na naar
    namens niet of om omdat onze ook op over te tegen tot uit van voor wat we wij zij zijn
    att av den det där efter ej eller en ett från för har hos i inte med men mot när och om på samt som till under ur vi
    vid är af at fra har i ikke med mod mot når og på som til ved
    a co dla do i jak jest lub na nie o od oraz po przez przy się to w we z za ze że dotyczy przeciwko
    ei ja on se tai vastaan
    ms mr mrs miss mx dr prof sir herrn frau mme madame monsieur sr sra sig dott
    """.split()
)

# What may stand in front of a company's name without being part of it.
INTRODUCTIONS = (
    FUNCTION_WORDS
    | GENERIC_NEIGHBOURS
    | frozenset(
        "company firm business retailer bank network provider operator publisher gesellschaft firma händler händlerin bank konzern "
        "versicherer onlineshop plattform société entreprise groupe banque plateforme enseigne sociedad empresa mercantil entidad grupo "
        "banco società azienda gruppo banca bedrijf vennootschap bank bolaget företaget banken selskabet virksomheden selskapet "
        # German writes every noun with a capital; these say what a company is, and are part of no name.
        "kenntnis angabe angaben ansicht auffassung sache haus hause dienst dienste portal portals marke marken shop shops supermarkt "
        "supermarktkette kette krankenkasse krankenversicherer stromanbieter energieversorger mobilfunkanbieter telefonanbieter "
        "internetanbieter reiseveranstalter fluggesellschaft airline arbeitgeber arbeitgeberin behörde kreditinstitut betreiberin betreibers "
        "anbieters händlers firmen tochter tochtergesellschaft muttergesellschaft konzerns vertragspartner vertragspartnerin dienstleister "
        "dienstleisterin lieferdienst zahlungsdienst zahlungsdienstleister bezahldienst streamingdienst modehändler möbelhändler "
        "buchhändler versandhändler autovermieter vermieter paketdienst zustelldienst lieferant netzbetreiber kundenservice verkäufer "
        "unternehmens gegner antragsgegnerin auftraggeber auftraggeberin "
        "way service services "
        "spółka spółki spółce firmy firmie yhtiö".split()
    )
)

# A title before a word makes it a person's surname.
TITLES = frozenset(
    "ms mr mrs miss mx dr prof sir dame lord lady herr herrn frau mme madame mlle monsieur m sr sra srta don doña "
    "sig signor signora dott dottssa avv mevrouw mevr dhr heer fru hr pan pani".split()
)

# Words that a group's companies add to the brand they share; cut off to find the brand.
GROUP_WORDS = frozenset(
    """
    group gruppe groupe grupo gruppo holding holdings international global worldwide europe europa european emea
    deutschland germany austria österreich osterreich oesterreich schweiz switzerland suisse france spain españa espana
    iberica iberia italia italy ireland uk gb britain nederland netherlands benelux belgium belgique belgië belgie luxembourg
    luxemburg sverige sweden norge norway danmark denmark dk demark suomi finland nordic polska poland usa us eu
    česko hungary latvija eesti
    """.split()
)

# Mailbox hosts that the public uses: an address there says nothing about the company that runs it.
FREEMAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com live.co.uk msn.com yahoo.com yahoo.co.uk
    yahoo.fr yahoo.de yahoo.es yahoo.it icloud.com me.com mac.com aol.com proton.me protonmail.com tutanota.com gmx.net
    gmx.de gmx.at gmx.ch gmx.com web.de t-online.de freenet.de mail.de mail.com posteo.de mailbox.org arcor.de 1und1.de
    online.de vodafone.de orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bbox.fr libero.it virgilio.it alice.it
    tin.it tiscali.it btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk
    ziggo.nl kpnmail.nl hetnet.nl xs4all.nl planet.nl home.nl telenet.be skynet.be proximus.be telia.com comhem.se
    online.no wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz fastmail.com zoho.com yandex.com mail.ru hey.com
    eircom.net bigpond.com comcast.net verizon.net bluewin.ch sunrise.ch ionos.de telenor.no telenor.dk telenor.se
    """.split()
)
