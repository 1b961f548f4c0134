using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tests.Tasks;
using Tense = SaeNotebooks.Training.Corpus.Tense;

namespace SaeNotebooks.Training.Tests.Corpus;

/// <summary>Meanings with the sentences that a native speaker would write, English, French, German, Spanish, Vietnamese.</summary>
internal static class GoldenSentences
{
    private static LexiconTables Lexicon => Corpora.Grammar.Lexicon;

    public static IReadOnlyList<(Meaning Meaning, string[] Sentences)> All { get; } =
    [
        .. Statements(), .. Determiners(), .. States(), .. Modified(), .. Linked(), .. Questions(),
    ];

    private static IEnumerable<(Meaning, string[])> Statements()
    {
        yield return (Say(The("dog"), Do("sleep")),
            ["The dog sleeps.", "Le chien dort.", "Der Hund schläft.", "El perro duerme.", "Con chó ngủ."]);
        yield return (Say(I(), Do("eat", An("apple"))),
            ["I eat an apple.", "Je mange une pomme.", "Ich esse einen Apfel.", "Como una manzana.", "Tôi ăn một quả táo."]);
        yield return (Say(She(), Do("drink", An("water"))),
            ["She drinks water.", "Elle boit de l'eau.", "Sie trinkt Wasser.", "Bebe agua.", "Cô ấy uống nước."]);
        yield return (Say(She(), Do("drink", The("water")), Tense.Past),
            ["She drank the water.", "Elle a bu l'eau.", "Sie hat das Wasser getrunken.", "Bebió el agua.", "Cô ấy đã uống nước."]);
        yield return (Say(He(), Do("eat", An("bread")), clause => clause with { Negated = true }),
            ["He does not eat bread.", "Il ne mange pas de pain.", "Er isst kein Brot.", "No come pan.", "Anh ấy không ăn bánh mì."]);
        yield return (Say(He(), Do("read", The("book")), clause => clause with { Negated = true, Tense = Tense.Past }),
            ["He did not read the book.", "Il n'a pas lu le livre.", "Er hat das Buch nicht gelesen.", "No leyó el libro.", "Anh ấy không đọc quyển sách."]);
        yield return (Say(Name("Anna"), Do("give", The("book"), The("child"))),
            ["Anna gives the book to the child.", "Anna donne le livre à l'enfant.", "Anna gibt dem Kind das Buch.", "Anna da el libro al niño.", "Anna đưa quyển sách cho đứa trẻ."]);
        yield return (Say(The("girl"), Do("open", The("door")), Tense.Future),
            ["The girl will open the door.", "La fille ouvrira la porte.", "Das Mädchen wird die Tür aufmachen.", "La chica abrirá la puerta.", "Cô bé sẽ mở cánh cửa."]);
        yield return (Say(They(), Do("open", The("window"))),
            ["They open the window.", "Ils ouvrent la fenêtre.", "Sie machen das Fenster auf.", "Abren la ventana.", "Họ mở cửa sổ."]);
        yield return (Say(We(), Do("help", The("student"))),
            ["We help the student.", "Nous aidons l'étudiant.", "Wir helfen dem Studenten.", "Ayudamos al estudiante.", "Chúng tôi giúp sinh viên."]);
        yield return (Say(She(), Do("go.to", The("market")), Tense.Past),
            ["She went to the market.", "Elle est allée au marché.", "Sie ist auf den Markt gegangen.", "Fue al mercado.", "Cô ấy đã đi đến chợ."]);
        yield return (Say(The("boy", Number.Plural), Do("go.to", The("school")), Tense.Past),
            ["The boys went to the school.", "Les garçons sont allés à l'école.", "Die Jungen sind zur Schule gegangen.", "Los chicos fueron a la escuela.", "Các cậu bé đã đi đến ngôi trường."]);
        yield return (Say(Name("Paul"), Do("live.in", NounPhrase.Named(Lexicon.Closed("place", "paris")))),
            ["Paul lives in Paris.", "Paul habite à Paris.", "Paul wohnt in Paris.", "Paul vive en París.", "Paul sống ở Paris."]);
        yield return (Say(Name("Anna"), Do("go.to", NounPhrase.Named(Lexicon.Closed("place", "france"))), Tense.Future),
            ["Anna will go to France.", "Anna ira en France.", "Anna wird nach Frankreich gehen.", "Anna irá a Francia.", "Anna sẽ đi đến Pháp."]);
        yield return (Say(The("teacher", gender: Gender.Feminine), Do("wait.for", The("bus"))),
            ["The teacher waits for the bus.", "La professeure attend le bus.", "Die Lehrerin wartet auf den Bus.", "La profesora espera el autobús.", "Giáo viên đợi chiếc xe buýt."]);
        yield return (Say(The("man"), Do("see", The("dog"))),
            ["The man sees the dog.", "L'homme voit le chien.", "Der Mann sieht den Hund.", "El hombre ve al perro.", "Người đàn ông nhìn thấy con chó."]);
        yield return (Say(Name("Anna") with { And = Name("Paul") }, Do("dance"), clause => clause with { Tense = Tense.Past, Place = new PlacePhrase(Preposition.At, The("garden")) }),
            ["Anna and Paul danced in the garden.", "Anna et Paul ont dansé dans le jardin.", "Anna und Paul haben im Garten getanzt.", "Anna y Paul bailaron en el jardín.", "Anna và Paul đã nhảy múa trong khu vườn."]);
        yield return (Say(Name("Anna"), Do("play.game"), clause => clause with { Companion = NounPhrase.Of(Lexicon.Noun("friend"), Determiner.Her, gender: Gender.Feminine) }),
            ["Anna plays with her friend.", "Anna joue avec son amie.", "Anna spielt mit ihrer Freundin.", "Anna juega con su amiga.", "Anna chơi với bạn của cô ấy."]);
        yield return (Say(He(), Do("sleep"), clause => clause with { Tense = Tense.Past, Time = Time("yesterday"), TimeFirst = true }),
            ["Yesterday he slept.", "Hier, il a dormi.", "Gestern hat er geschlafen.", "Ayer durmió.", "Hôm qua anh ấy đã ngủ."]);
        yield return (Say(He(), Do("sleep"), clause => clause with { Tense = Tense.Past, Time = Time("yesterday") }) with { TenseMarked = false },
            ["He slept yesterday.", "Il a dormi hier.", "Er hat gestern geschlafen.", "Durmió ayer.", "Anh ấy ngủ hôm qua."]);
        yield return (Say(Name("Paul"), Do("work"), clause => clause with { Frequency = Frequency.Never }),
            ["Paul never works.", "Paul ne travaille jamais.", "Paul arbeitet nie.", "Paul nunca trabaja.", "Paul không bao giờ làm việc."]);
        yield return (Say(Name("Anna"), Do("read", The("newspaper")), clause => clause with { Frequency = Frequency.Often }),
            ["Anna often reads the newspaper.", "Anna lit souvent le journal.", "Anna liest oft die Zeitung.", "Anna a menudo lee el periódico.", "Anna thường đọc tờ báo."]);
        yield return (Say(Name("Paul"), Do("swim"), clause => clause with { Modal = Modal.Can, Negated = true }),
            ["Paul cannot swim.", "Paul ne peut pas nager.", "Paul kann nicht schwimmen.", "Paul no puede nadar.", "Paul không có thể bơi."]);
        yield return (Say(She(), Do("work"), clause => clause with { Modal = Modal.Must, Tense = Tense.Past }),
            ["She had to work.", "Elle devait travailler.", "Sie musste arbeiten.", "Tenía que trabajar.", "Cô ấy phải làm việc."]);
        yield return (Say(The("child"), Do("open", The("box")), clause => clause with { Modal = Modal.Must, Negated = true }),
            ["The child must not open the box.", "L'enfant ne doit pas ouvrir la boîte.", "Das Kind darf die Schachtel nicht aufmachen.", "El niño no debe abrir la caja.", "Đứa trẻ không được mở cái hộp."]);
        yield return (Say(The("girl"), Do("buy", An("hat")), clause => clause with { Modal = Modal.Want }),
            ["The girl wants to buy a hat.", "La fille veut acheter un chapeau.", "Das Mädchen will einen Hut kaufen.", "La chica quiere comprar un sombrero.", "Cô bé muốn mua một chiếc mũ."]);
        yield return (Say(Name("Anna"), new Has(An("cat")), clause => clause with { Negated = true }),
            ["Anna does not have a cat.", "Anna n'a pas de chat.", "Anna hat keine Katze.", "Anna no tiene un gato.", "Anna không có một con mèo."]);
    }

    private static IEnumerable<(Meaning, string[])> Determiners()
    {
        yield return (Say(Some(Determiner.This, "dog"), Do("see", Some(Determiner.Many, "bird"))),
            ["This dog sees many birds.", "Ce chien voit beaucoup d'oiseaux.", "Dieser Hund sieht viele Vögel.", "Este perro ve muchos pájaros.", "Con chó này nhìn thấy nhiều con chim."]);
        yield return (Say(Some(Determiner.All, "woman"), Do("laugh")),
            ["All the women laugh.", "Toutes les femmes rient.", "Alle Frauen lachen.", "Todas las mujeres ríen.", "Tất cả những người phụ nữ cười."]);
        yield return (Say(Some(Determiner.That, "man"), Do("buy", Some(Determiner.Three, "egg")), Tense.Past),
            ["That man bought three eggs.", "Cet homme-là a acheté trois œufs.", "Der Mann dort hat drei Eier gekauft.", "Ese hombre compró tres huevos.", "Người đàn ông đó đã mua ba quả trứng."]);
        yield return (Say(Some(Determiner.Her, "friend", Gender.Feminine), Do("lose.thing", Some(Determiner.His, "key")), Tense.Past),
            ["Her friend lost his key.", "Son amie a perdu sa clé.", "Ihre Freundin hat seinen Schlüssel verloren.", "Su amiga perdió su llave.", "Bạn của cô ấy đã làm mất chiếc chìa khóa của anh ấy."]);
        yield return (Say(I(), Do("look.for", The("book") with { Possessor = Name("Anna") })),
            ["I look for Anna's book.", "Je cherche le livre d'Anna.", "Ich suche Annas Buch.", "Busco el libro de Anna.", "Tôi tìm quyển sách của Anna."]);
        yield return (Say(We(), Do("wash", The("car") with { Possessor = The("teacher") })),
            ["We wash the teacher's car.", "Nous lavons la voiture du professeur.", "Wir waschen das Auto des Lehrers.", "Lavamos el coche del profesor.", "Chúng tôi rửa chiếc ô tô của giáo viên."]);
        yield return (Say(He(), Do("drink", The("water") with { Adjective = Lexicon.Adjective("cold") })),
            ["He drinks the cold water.", "Il boit l'eau froide.", "Er trinkt das kalte Wasser.", "Bebe el agua fría.", "Anh ấy uống nước lạnh."]);
        yield return (Say(She(), Do("buy", An("dress", Number.Plural) with { Adjective = Lexicon.Adjective("beautiful") })),
            ["She buys beautiful dresses.", "Elle achète de belles robes.", "Sie kauft schöne Kleider.", "Compra vestidos hermosos.", "Cô ấy mua những chiếc váy đẹp."]);
        yield return (Say(An("man") with { Adjective = Lexicon.Adjective("old.age") }, Do("repair", NounPhrase.Of(Lexicon.Noun("car"), Determiner.My) with { Adjective = Lexicon.Adjective("new") })),
            ["An old man repairs my new car.", "Un vieil homme répare ma nouvelle voiture.", "Ein alter Mann repariert mein neues Auto.", "Un hombre viejo repara mi coche nuevo.", "Một người đàn ông già sửa chiếc ô tô mới của tôi."]);
        yield return (Say(The("child"), Do("sleep"), clause => clause with { Place = new PlacePhrase(Preposition.At, The("room") with { Adjective = Lexicon.Adjective("dark") }) }),
            ["The child sleeps in the dark room.", "L'enfant dort dans la pièce sombre.", "Das Kind schläft im dunklen Zimmer.", "El niño duerme en la habitación oscura.", "Đứa trẻ ngủ trong căn phòng tối."]);
    }

    private static IEnumerable<(Meaning, string[])> States()
    {
        yield return (Say(The("house"), Be("old.thing")),
            ["The house is old.", "La maison est vieille.", "Das Haus ist alt.", "La casa es vieja.", "Ngôi nhà cũ."]);
        yield return (Say(The("girl", Number.Plural), Be("tired"), Tense.Past),
            ["The girls were tired.", "Les filles étaient fatiguées.", "Die Mädchen waren müde.", "Las chicas estaban cansadas.", "Các cô bé mệt."]);
        yield return (Say(The("dog"), Be("big", The("cat"))),
            ["The dog is bigger than the cat.", "Le chien est plus grand que le chat.", "Der Hund ist größer als die Katze.", "El perro es más grande que el gato.", "Con chó lớn hơn con mèo."]);
        yield return (Say(The("cat"), new Located(new PlacePhrase(Preposition.Under, The("table")))),
            ["The cat is under the table.", "Le chat est sous la table.", "Die Katze ist unter dem Tisch.", "El gato está debajo de la mesa.", "Con mèo ở dưới cái bàn."]);
        yield return (Say(Name("Anna"), new Located(new PlacePhrase(Preposition.At, The("beach"))), Tense.Past),
            ["Anna was on the beach.", "Anna était sur la plage.", "Anna war am Strand.", "Anna estaba en la playa.", "Anna ở trên bãi biển."]);
        yield return (Say(An("cat"), new Exists(new PlacePhrase(Preposition.At, The("garden")))),
            ["There is a cat in the garden.", "Il y a un chat dans le jardin.", "Es gibt eine Katze im Garten.", "Hay un gato en el jardín.", "Có một con mèo trong khu vườn."]);
        yield return (Say(Some(Determiner.Two, "book"), new Exists(new PlacePhrase(Preposition.On, The("table"))), Tense.Past),
            ["There were two books on the table.", "Il y avait deux livres sur la table.", "Es gab zwei Bücher auf dem Tisch.", "Había dos libros sobre la mesa.", "Có hai quyển sách trên cái bàn."]);
        yield return (Say(The("dog"), new Located(new PlacePhrase(Preposition.Near, The("house")))),
            ["The dog is near the house.", "Le chien est près de la maison.", "Der Hund ist in der Nähe des Hauses.", "El perro está cerca de la casa.", "Con chó ở gần ngôi nhà."]);
        yield return (Say(Name("Anna"), new Identity(NounPhrase.Of(Lexicon.Noun("neighbor"), Determiner.My, gender: Gender.Feminine))),
            ["Anna is my neighbor.", "Anna est ma voisine.", "Anna ist meine Nachbarin.", "Anna es mi vecina.", "Anna là hàng xóm của tôi."]);
        yield return (Say(Name("Paul"), new Has(NounPhrase.Of(Lexicon.Noun("ice_cream"), Determiner.Indefinite))),
            ["Paul has ice cream.", "Paul a de la glace.", "Paul hat Eis.", "Paul tiene helado.", "Paul có kem."]);
        yield return (Say(The("car").Pronoun(), Be("red")),
            ["It is red.", "Elle est rouge.", "Es ist rot.", "Es rojo.", "Nó đỏ."]);
    }

    private static IEnumerable<(Meaning, string[])> Modified()
    {
        var cat = The("cat");
        yield return (Say(cat with { Relative = new RelativeClause(Saying(cat, Do("sleep")), HeadIsObject: false) }, Be("big")),
            ["The cat that sleeps is big.", "Le chat qui dort est grand.", "Die Katze, die schläft, ist groß.", "El gato que duerme es grande.", "Con mèo đang ngủ lớn."]);
        var book = The("book");
        yield return (Say(book with { Relative = new RelativeClause(Saying(The("girl"), Do("read", book)), HeadIsObject: true) }, Be("interesting")),
            ["The book that the girl reads is interesting.", "Le livre que la fille lit est intéressant.", "Das Buch, das das Mädchen liest, ist interessant.", "El libro que la chica lee es interesante.", "Quyển sách mà cô bé đang đọc thú vị."]);
        var letter = The("letter.mail");
        var written = new RelativeClause(Saying(She(), Do("write", letter)) with { Tense = Tense.Past }, HeadIsObject: true);
        yield return (Say(He(), Do("find", letter with { Relative = written }), Tense.Past),
            ["He found the letter that she wrote.", "Il a trouvé la lettre qu'elle a écrite.", "Er hat den Brief gefunden, den sie geschrieben hat.", "Encontró la carta que escribió.", "Anh ấy đã tìm thấy lá thư mà cô ấy đã viết."]);
        var man = The("man");
        yield return (Say(man with { Relative = new RelativeClause(Saying(man, Do("sing")), HeadIsObject: false) }, Do("love", Name("Anna"))),
            ["The man who sings loves Anna.", "L'homme qui chante aime Anna.", "Der Mann, der singt, liebt Anna.", "El hombre que canta ama a Anna.", "Người đàn ông đang hát yêu Anna."]);
        yield return (Say(Name("Paul"), new SaeNotebooks.Training.Corpus.Action(Lexicon.Verb("think"), Said: Saying(The("soup"), Be("hot")))),
            ["Paul thinks that the soup is hot.", "Paul pense que la soupe est chaude.", "Paul denkt, dass die Suppe heiß ist.", "Paul piensa que la sopa está caliente.", "Paul nghĩ rằng súp nóng."]);
        yield return (Say(She(), new SaeNotebooks.Training.Corpus.Action(Lexicon.Verb("know.that"), Said: Saying(He(), Do("open", The("door"))) with { Tense = Tense.Past })),
            ["She knows that he opened the door.", "Elle sait qu'il a ouvert la porte.", "Sie weiß, dass er die Tür aufgemacht hat.", "Sabe que abrió la puerta.", "Cô ấy biết rằng anh ấy đã mở cánh cửa."]);
        yield return (Say(She(), new SaeNotebooks.Training.Corpus.Action(Lexicon.Verb("say"), Said: Saying(The("child"), Do("close", The("window"))))),
            ["She says that the child closes the window.", "Elle dit que l'enfant ferme la fenêtre.", "Sie sagt, dass das Kind das Fenster zumacht.", "Dice que el niño cierra la ventana.", "Cô ấy nói rằng đứa trẻ đóng cửa sổ."]);
    }

    private static IEnumerable<(Meaning, string[])> Linked()
    {
        var anna = Name("Anna");
        yield return (Join(Saying(anna, Do("sleep")), Conjunction.Because, Be("tired")),
            ["Anna sleeps because she is tired.", "Anna dort parce qu'elle est fatiguée.", "Anna schläft, weil sie müde ist.", "Anna duerme porque está cansada.", "Anna ngủ vì cô ấy mệt."]);
        yield return (Join(Saying(Name("Paul"), Do("work")), Conjunction.Although, Be("sick"), first: true),
            ["Even though he is sick, Paul works.", "Même s'il est malade, Paul travaille.", "Obwohl er krank ist, arbeitet Paul.", "Aunque está enfermo, Paul trabaja.", "Mặc dù anh ấy ốm, Paul làm việc."]);
        yield return (Join(Saying(anna, Do("laugh")) with { Tense = Tense.Past }, Conjunction.When, Do("read", The("letter.mail"))),
            ["Anna laughed when she read the letter.", "Anna a ri quand elle a lu la lettre.", "Anna hat gelacht, als sie den Brief gelesen hat.", "Anna rio cuando leyó la carta.", "Anna đã cười khi cô ấy đọc lá thư."]);
        yield return (Join(Saying(anna, Do("drink", An("coffee"))), Conjunction.Before, Do("work"), first: true),
            ["Before working, Anna drinks coffee.", "Avant de travailler, Anna boit du café.", "Bevor sie arbeitet, trinkt Anna Kaffee.", "Antes de trabajar, Anna bebe café.", "Trước khi làm việc, Anna uống cà phê."]);
        yield return (Join(Saying(anna, Do("sleep")) with { Tense = Tense.Past }, Conjunction.After, Do("go.to", The("market"))),
            ["Anna slept after going to the market.", "Anna a dormi après être allée au marché.", "Anna hat geschlafen, nachdem sie auf den Markt gegangen war.", "Anna durmió después de ir al mercado.", "Anna đã ngủ sau khi đi đến chợ."]);
        yield return (Join(Saying(anna, Do("sing")), Conjunction.And, Do("dance")),
            ["Anna sings and dances.", "Anna chante et danse.", "Anna singt und tanzt.", "Anna canta y baila.", "Anna hát và nhảy múa."]);
        yield return (Join(Saying(The("child"), Do("cry")), Conjunction.Because, Be("sad")),
            ["The child cries because he is sad.", "L'enfant pleure parce qu'il est triste.", "Das Kind weint, weil es traurig ist.", "El niño llora porque está triste.", "Đứa trẻ khóc vì anh ấy buồn."]);
        yield return (Join(Saying(anna, Do("work")) with { Tense = Tense.Future }, Conjunction.Before, Do("sleep")),
            ["Anna will work before sleeping.", "Anna travaillera avant de dormir.", "Anna wird arbeiten, bevor sie schläft.", "Anna trabajará antes de dormir.", "Anna sẽ làm việc trước khi ngủ."]);
        yield return (new Meaning(Saying(anna, Do("sleep")), Link: new Link(Conjunction.But, Saying(Name("Paul"), Do("work")), SameSubject: false)),
            ["Anna sleeps, but Paul works.", "Anna dort, mais Paul travaille.", "Anna schläft, aber Paul arbeitet.", "Anna duerme, pero Paul trabaja.", "Anna ngủ, nhưng Paul làm việc."]);
    }

    private static IEnumerable<(Meaning, string[])> Questions()
    {
        var sleeping = Saying(The("dog"), Do("sleep")) with { Place = new PlacePhrase(Preposition.At, The("garden")) };
        yield return (new Meaning(Saying(The("dog"), Do("eat", An("bread"))), Mood.YesNo),
            ["Does the dog eat bread?", "Est-ce que le chien mange du pain ?", "Isst der Hund Brot?", "¿El perro come pan?", "Con chó có ăn bánh mì không?"]);
        yield return (new Meaning(Saying(The("house"), Be("big")), Mood.YesNo),
            ["Is the house big?", "Est-ce que la maison est grande ?", "Ist das Haus groß?", "¿La casa es grande?", "Ngôi nhà có lớn không?"]);
        yield return (new Meaning(sleeping, Mood.AskPlace),
            ["Where does the dog sleep?", "Où est-ce que le chien dort ?", "Wo schläft der Hund?", "¿Dónde duerme el perro?", "Con chó ngủ ở đâu?"]);
        yield return (new Meaning(Saying(Name("Anna"), Do("go.to", The("market"))) with { Tense = Tense.Past }, Mood.AskPlace),
            ["Where did Anna go?", "Où est-ce qu'Anna est allée ?", "Wohin ist Anna gegangen?", "¿Adónde fue Anna?", "Anna đã đi đâu?"]);
        yield return (new Meaning(Saying(Name("Anna"), Do("read", The("book"))), Mood.AskSubject),
            ["Who reads the book?", "Qui lit le livre ?", "Wer liest das Buch?", "¿Quién lee el libro?", "Ai đọc quyển sách?"]);
        yield return (new Meaning(Saying(Name("Anna"), Do("read", The("book"))), Mood.AskObject),
            ["What does Anna read?", "Qu'est-ce qu'Anna lit ?", "Was liest Anna?", "¿Qué lee Anna?", "Anna đọc gì?"]);
        yield return (new Meaning(Saying(Name("Anna"), Do("help", Name("Paul"))), Mood.AskObject),
            ["Who does Anna help?", "Qui est-ce qu'Anna aide ?", "Wem hilft Anna?", "¿A quién ayuda Anna?", "Anna giúp ai?"]);
        yield return (new Meaning(Saying(Name("Anna"), Do("wait.for", The("bus"))), Mood.AskObject),
            ["What does Anna wait for?", "Qu'est-ce qu'Anna attend ?", "Worauf wartet Anna?", "¿Qué espera Anna?", "Anna đợi gì?"]);
        yield return (new Meaning(Saying(Name("Anna"), Do("work")) with { Time = Time("tomorrow"), Tense = Tense.Future }, Mood.AskTime),
            ["When will Anna work?", "Quand est-ce qu'Anna travaillera ?", "Wann wird Anna arbeiten?", "¿Cuándo trabajará Anna?", "Khi nào Anna sẽ làm việc?"]);
    }

    private static Meaning Say(NounPhrase subject, Predicate predicate, Tense tense = Tense.Present) => new(Saying(subject, predicate) with { Tense = tense });

    private static Meaning Say(NounPhrase subject, Predicate predicate, Func<Clause, Clause> change) => new(change(Saying(subject, predicate)));

    private static Clause Saying(NounPhrase subject, Predicate predicate) => new() { Subject = subject, Predicate = predicate };

    private static Meaning Join(Clause main, Conjunction conjunction, Predicate second, bool first = false) =>
        new(main, Link: new Link(conjunction, Saying(main.Subject.Pronoun(), second) with { Tense = main.Tense }, SameSubject: true, First: first));

    private static SaeNotebooks.Training.Corpus.Action Do(string verb, NounPhrase? item = null, NounPhrase? recipient = null) => new(Lexicon.Verb(verb), item, recipient);

    private static Quality Be(string adjective, NounPhrase? than = null) => new(Lexicon.Adjective(adjective), than);

    private static NounPhrase The(string noun, Number number = Number.Singular, Gender gender = Gender.Masculine) =>
        NounPhrase.Of(Lexicon.Noun(noun), Determiner.Definite, number, gender);

    private static NounPhrase An(string noun, Number number = Number.Singular) => NounPhrase.Of(Lexicon.Noun(noun), Determiner.Indefinite, number);

    private static NounPhrase Some(Determiner determiner, string noun, Gender gender = Gender.Masculine) =>
        NounPhrase.Of(Lexicon.Noun(noun), determiner, determiner.NeedsPlural() ? Number.Plural : Number.Singular, gender);

    private static NounPhrase Name(string name) => NounPhrase.Named(Lexicon.Closed("name", name));

    private static ClosedWord Time(string id) => Lexicon.Closed("time", id);

    private static NounPhrase I() => NounPhrase.Speaker(Number.Singular);

    private static NounPhrase We() => NounPhrase.Speaker(Number.Plural);

    private static NounPhrase He() => NounPhrase.Person(Gender.Masculine);

    private static NounPhrase She() => NounPhrase.Person(Gender.Feminine);

    private static NounPhrase They() => NounPhrase.Person(Gender.Masculine, Number.Plural);
}
