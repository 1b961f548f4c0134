using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tests.Tasks;

namespace SaeNotebooks.Training.Tests.Corpus;

public class LexiconTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lexicon").FullName;

    public LexiconTests()
    {
        foreach (var file in Directory.GetFiles(Corpora.Folder("lexicon"), "*.tsv"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_shipped_lexicon_loads_and_its_story_words_exist() => Assert.True(Grammar.Load(folder).Lexicon.Nouns.Count > 200);

    [Theory]
    [InlineData("nouns.tsv", "dog\tanimal\t5\tdog;dogs\tx;chien;chiens\tm;Hund;Hunde\tm;perro;perros\tcon;chó", "column fr", "starts with a gender")]
    [InlineData("nouns.tsv", "xyz\tmineral\t5\tdog;dogs\tm;chien;chiens\tm;Hund;Hunde\tm;perro;perros\tcon;chó", "column class", "person animal")]
    [InlineData("nouns.tsv", "xyz\tanimal\t9\tdog;dogs\tm;chien;chiens\tm;Hund;Hunde\tm;perro;perros\tcon;chó", "column freq", "from 1 to 5")]
    [InlineData("nouns.tsv", "xyz\tanimal\t5\tdog;-\tm;chien;chiens\tm;Hund;Hunde\tm;perro;perros\tcon;chó", "column fr", "'-' as plural")]
    [InlineData("nouns.tsv", "xyz\tanimal\t5", "expected 8 cells", "found 3")]
    [InlineData("nouns.tsv", "dog\tanimal\t5\tdog;dogs\tm;chien;chiens\tm;Hund;Hunde\tm;perro;perros\tcon;chó", "column id", "no earlier row")]
    [InlineData("adjectives.tsv", "xyz\tanimal\t5\tbig;bigger\tgrand;grande;grands;grandes;near\tgroß;größer\tgrande;grande;grandes;grandes;post\tto", "column fr", "pre or post")]
    [InlineData("verbs.tsv", "xyz\tfly\tanimal\t-\t3\tgo;goes;went;gone;going\taller;vais;va;allons;vont;allé;e;ir\tgehen;gehe;geht;gehen;gegangen;s;-\tir;voy;va;vamos;van;fui;fue;fuimos;fueron;ir\tđi", "column frame", "intr, tr, ditr")]
    [InlineData("stories.tsv", "xyz\tmarket\tapple\tgo;ponder apple", "column beats", "go home come")]
    public void A_bad_row_is_named_with_file_line_and_column(string file, string row, params string[] parts)
    {
        var path = Path.Combine(folder, file);
        File.AppendAllText(path, row + "\n");
        var line = File.ReadAllLines(path).Length;
        var error = Assert.Throws<LexiconException>(() => Grammar.Load(folder));
        Assert.Contains($"{path}, line {line}", error.Message);
        Assert.All(parts, part => Assert.Contains(part, error.Message));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_story_with_an_unknown_word_is_refused()
    {
        File.AppendAllText(Path.Combine(folder, "stories.tsv"), "xyz\tmarket\tunicorn\tgo;feel happy\n");
        Assert.Contains("unicorn", Assert.Throws<LexiconException>(() => Grammar.Load(folder)).Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(Path.Combine(folder, "closed.tsv"));
        Assert.Contains("closed.tsv", Assert.Throws<LexiconException>(() => Grammar.Load(folder)).Message);
    }

    [Fact]
    public void Other_columns_are_refused()
    {
        File.WriteAllText(Path.Combine(folder, "verbs.tsv"), "id\tframe\n");
        Assert.Contains("line 1: expected the columns", Assert.Throws<LexiconException>(() => Grammar.Load(folder)).Message);
    }
}
