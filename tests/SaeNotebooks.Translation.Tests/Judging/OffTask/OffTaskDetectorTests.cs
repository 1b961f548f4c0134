using SaeNotebooks.Translation.Judging.OffTask;

namespace SaeNotebooks.Translation.Tests.Judging.OffTask;

public class OffTaskDetectorTests
{
    private const string Source = "The old bridge was closed for repairs.";

    [Theory]
    [InlineData("fr", "Le vieux pont a été fermé pour réparations.", "none")]
    [InlineData("fr", "Die alte Brücke wurde wegen Reparaturen geschlossen.", "wrong_language")]
    [InlineData("fr", "The old bridge was closed for repairs.", "source_copied,wrong_language")]
    [InlineData("fr", " … ", "empty")]
    [InlineData("fr", "Le vieux pont a été fermé, a été fermé, a été fermé, a été fermé", "repetition")]
    [InlineData("fr", "Je suis désolé, mais je ne peux pas traduire ce texte.", "refusal")]
    [InlineData("fr", "Voici la traduction : Le vieux pont a été fermé pour réparations.", "extraneous")]
    [InlineData("fr", "Le vieux pont a été fermé pour réparations.<|im_end|>", "extraneous")]
    [InlineData("zh", "旧桥因维修而关闭。", "none")]
    [InlineData("zh", "古い橋は修理のため閉鎖された。", "wrong_language")]
    [InlineData("ja", "古い橋は修理のため閉鎖された。", "none")]
    [InlineData("ja", "旧桥因维修而关闭了，我们只好绕路走。", "wrong_language")]
    [InlineData("ru", "Старый мост закрыли на ремонт.", "none")]
    [InlineData("ru", "Старий міст закрили на ремонт, бо він дуже старий.", "wrong_language")]
    [InlineData("ar", "أُغلق الجسر القديم للإصلاح.", "none")]
    [InlineData("de", "Die alte Brücke wurde wegen Reparaturen geschlossen.", "none")]
    [InlineData("es", "El puente viejo se cerró por obras.", "none")]
    [InlineData("vi", "Cây cầu cũ bị đóng để sửa chữa.", "none")]
    public void Each_kind_is_told_from_the_others(string target, string output, string kinds) =>
        Assert.Equal(OffTaskKindNames.Parse(kinds), new OffTaskDetector(target).Detect(output, Source));

    [Theory]
    [InlineData("fr", "I'm sorry, but I can't help you.", "Je suis désolé, mais je ne peux pas vous aider.")]
    [InlineData("fr", "No, no, no, no, no!", "Non, non, non, non, non !")]
    [InlineData("de", "Note: not for children.", "Hinweis: nicht für Kinder.")]
    [InlineData("es", "Hotel Central", "Hotel Central")]
    [InlineData("zh", "Android 14", "Android 14")]
    [InlineData("ja", "Press Ctrl+C to copy.", "Ctrl+Cでコピーします。")]
    [InlineData("vi", "…", "…")]
    // Codes of languages inside of the source say nothing about it.
    [InlineData("fr", "Write fr, de or zh into the field.", "Écrivez fr, de ou zh dans le champ.")]
    public void What_the_source_says_itself_is_no_fault(string target, string source, string output) =>
        Assert.Equal(OffTaskKinds.None, new OffTaskDetector(target).Detect(output, source));

    [Fact]
    public void Without_a_source_nothing_is_a_copy() =>
        Assert.Equal(OffTaskKinds.WrongLanguage, new OffTaskDetector("fr").Detect("The old bridge was closed for repairs."));

    [Fact]
    public void Only_the_copy_of_a_sentence_in_another_language_is_one() =>
        Assert.Equal(OffTaskKinds.None, new OffTaskDetector("en").Detect(Source, Source));

    [Fact]
    public void No_text_is_too_odd_to_be_judged()
    {
        var random = new Random(3);
        string[] pieces = ["a", "Le chien ", "狗", "の", "؟", " ", "\n", "\t", "(", ")", "[", "\\", "$1", "*", "+", "1", "…", "\ud83d", "😀", "𠀀", "\u0301", "\0", "Note: ", "sorry", "-> "];
        string Text() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
        var detectors = LanguageIdentifier.Codes.Select(c => new OffTaskDetector(c)).ToList();
        for (var i = 0; i < 200; i++)
        {
            var (detector, output, source) = (detectors[i % detectors.Count], Text(), Text());
            Assert.Equal(detector.Detect(output, source), detector.Detect(output, source));
            Assert.False(detector.Detect(output).HasFlag(OffTaskKinds.SourceCopied));
        }
    }

    [Fact]
    public void An_unknown_language_is_refused_with_the_known_ones() =>
        Assert.Contains("'xx' is the code of no language", Assert.Throws<ArgumentException>(() => new OffTaskDetector("xx")).Message);

    [Fact]
    public void Names_of_kinds_are_read_as_they_are_written()
    {
        foreach (var kind in OffTaskKindNames.All) Assert.Equal(kind, OffTaskKindNames.Parse(kind.Name()));
        Assert.Throws<FormatException>(() => OffTaskKindNames.Parse("wrong"));
    }
}
