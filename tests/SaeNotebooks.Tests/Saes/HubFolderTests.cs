using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tests.Goldens;

namespace SaeNotebooks.Tests.Saes;

public sealed class HubFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("card").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_folder_holds_the_SAE_and_a_card_with_what_was_measured()
    {
        using var sae = SaeFile.Load(Golden.PathOf("sae_saelens_topk"));
        HubFolder.Write(sae, _folder, new() { BaseModel = "someone/tiny", License = "mit", Measured = [("L0", 8), ("variance explained", 0.91234)], MeasuredOn = "100 stories, without BOS." });
        var card = File.ReadAllLines(Path.Combine(_folder, "README.md"));
        Assert.Equal("---", card[0]);
        var front = card[1..Array.IndexOf(card, "---", 1)];
        Assert.Contains("library_name: saelens", front);
        Assert.Contains("base_model: \"someone/tiny\"", front);
        Assert.Contains("license: \"mit\"", front);
        Assert.Contains("| architecture | topk |", card);
        Assert.Contains("| variance explained | 0.9123 |", card);
        Assert.Contains("Measured on 100 stories, without BOS.", card);
        using var again = SaeFile.Load(Path.Combine(_folder, "blocks.1.hook_resid_post"));
        Assert.Equal((sae.Config, sae.ToString()), (again.Config, again.ToString()));
        Assert.Equal(3, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
    }
}
